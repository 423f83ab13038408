#include <algorithm>
#include <cmath>

#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/matmul.h"
#include "engine/backend/reference/registry.h"
#include "engine/ir/number_formats.h"

// Numbers to codes and back: per tensor, per axis or in blocks along an axis.
namespace kasuri::reference {
namespace {

/// Which scale belongs to an element.
class Grid {
 public:
  Grid(Context& c, const Tensor& x, const Tensor& scale) {
    if (scale.count() == 1 && scale.rank() <= 1) return;
    const auto axis = static_cast<size_t>(c.axis(c.node().get_int("axis", 1), x.rank()));
    extent_ = x.extents()[axis];
    inner_ = product(x.extents(), axis + 1);
    if (scale.rank() == 1) {
      c.require(scale.count() == extent_, "{} scales for an axis of {}", scale.count(), extent_);
      blocks_ = extent_;
      inner_scale_ = false;
      return;
    }
    c.require(scale.rank() == x.rank(), "scales {} for {}", text_of(scale.extents()),
              text_of(x.extents()));
    blocks_ = scale.extents()[axis];
    block_ = c.node().get_int("block_size", 0);
    if (block_ == 0 && blocks_ > 0) block_ = (extent_ + blocks_ - 1) / blocks_;
    c.require(block_ > 0 && blocks_ == (extent_ + block_ - 1) / block_,
              "{} blocks of {} for an axis of {}", blocks_, block_, extent_);
    Extents expected = x.extents();
    expected[axis] = blocks_;
    c.require(expected == scale.extents(), "scales {} for {}", text_of(scale.extents()),
              text_of(x.extents()));
    outer_ = true;
  }

  size_t at(size_t i) const {
    if (extent_ == 0) return 0;
    const auto flat = static_cast<int64_t>(i);
    const int64_t k = flat / inner_ % extent_ / block_;
    if (!inner_scale_) return static_cast<size_t>(k);
    const int64_t o = outer_ ? flat / inner_ / extent_ : 0;
    return static_cast<size_t>((o * blocks_ + k) * inner_ + flat % inner_);
  }

 private:
  int64_t extent_ = 0, inner_ = 1, block_ = 1, blocks_ = 1;
  bool outer_ = false, inner_scale_ = true;
};

DataType type_or(Context& c, const std::string& attribute, DataType fallback) {
  const int64_t number = c.node().get_int(attribute, 0);
  c.require(number >= 0 && number <= static_cast<int64_t>(DataType::kInt2), "{} is {}", attribute,
            number);
  return number == 0 ? fallback : static_cast<DataType>(number);
}

/// x / scale in the precision the operator asks for.
std::vector<double> quotients(Context& c, const Tensor& x, const Tensor& scale, const Grid& grid) {
  DataType precision = type_or(c, "precision", scale.dtype());
  if (!is_float(precision) || bits_of(precision) < 16) precision = DataType::kFloat;
  std::vector<double> values = elements<double>(x);
  const std::vector<double> scales = elements<double>(scale);
  for (size_t i = 0; i < values.size(); ++i) values[i] /= scales[grid.at(i)];
  return elements<double>(c.pack(precision, x.extents(), values));
}

Tensor as_small_floats(Context& c, const Extents& extents, const std::vector<double>& values,
                       DataType to) {
  const auto overflow =
      c.node().get_int("saturate", 1) != 0 ? Overflow::kSaturate : Overflow::kSpecial;
  c.require(bits_of(to) <= 8 && to != DataType::kFloat8E8M0, "{} is no quantised type",
            name_of(to));
  FreshTensor out = c.fresh(to, extents);
  std::vector<uint8_t> codes;
  for (double v : values)
    codes.push_back(static_cast<uint8_t>(encode_float(v + 0.0, to, overflow)));
  if (bits_of(to) < 8)
    pack_codes(to, codes, out.bytes);
  else
    std::transform(codes.begin(), codes.end(), out.bytes.begin(),
                   [](uint8_t v) { return std::byte{v}; });
  return out.tensor;
}

void quantize_linear(Context& c) {
  const Tensor &x = c.in(0), &scale = c.in(1);
  const Grid grid(c, x, scale);
  const DataType to = c.has(2) ? c.in(2).dtype() : type_or(c, "output_dtype", DataType::kUint8);
  c.require(!c.has(2) || c.in(2).count() == scale.count(), "{} zero points for {} scales",
            c.has(2) ? c.in(2).count() : 0, scale.count());
  std::vector<double> values = quotients(c, x, scale, grid);
  if (is_float(to)) return c.set(0, as_small_floats(c, x.extents(), values, to));
  const std::vector<double> zeros = c.has(2) ? elements<double>(c.in(2)) : std::vector<double>();
  const IntegerLimits limits = limits_of(to);
  for (size_t i = 0; i < values.size(); ++i) {
    const double zero = zeros.empty() ? 0 : zeros[grid.at(i)];
    const double rounded = std::nearbyint(values[i]) + zero;
    values[i] = std::isnan(rounded) ? zero : std::clamp(rounded, limits.low, limits.high);
  }
  c.set(0, c.pack(to, x.extents(), values));
}

void dequantize_linear(Context& c) {
  const Tensor &x = c.in(0), &scale = c.in(1);
  const Grid grid(c, x, scale);
  c.require(!c.has(2) || c.in(2).count() == scale.count(), "{} zero points for {} scales",
            c.has(2) ? c.in(2).count() : 0, scale.count());
  std::vector<double> values = elements<double>(x);
  const std::vector<double> scales = elements<double>(scale);
  const std::vector<double> zeros = c.has(2) ? elements<double>(c.in(2)) : std::vector<double>();
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t at = grid.at(i);
    values[i] = (values[i] - (zeros.empty() ? 0 : zeros[at])) * scales[at];
  }
  const DataType to = scale.dtype() == DataType::kFloat8E8M0 ? DataType::kFloat : scale.dtype();
  c.set(0, c.pack(type_or(c, "output_dtype", to), x.extents(), values));
}

void dynamic_quantize_linear(Context& c) {
  const Tensor& x = c.in(0);
  float low = 0, high = 0;
  for (double v : elements<double>(x)) {
    low = std::fmin(low, static_cast<float>(v));
    high = std::fmax(high, static_cast<float>(v));
  }
  const float scale = high == low ? 1.0f : (high - low) / 255.0f;
  const double zero = std::nearbyint(std::clamp(static_cast<double>(-low / scale), 0.0, 255.0));
  const Tensor scales = Tensor::scalar<float>(scale);
  const Tensor zeros = Tensor::scalar<uint8_t>(static_cast<uint8_t>(zero));
  c.set(0, requantised(c, x, scales, zeros));
  c.set(1, scales);
  c.set(2, zeros);
}

}  // namespace

void register_quantisation_kernels(Registry& r) {
  for (const char* domain : {"", "com.microsoft"}) {
    r.add(domain, "QuantizeLinear", quantize_linear);
    r.add(domain, "DequantizeLinear", dequantize_linear);
  }
  r.add("DynamicQuantizeLinear", dynamic_quantize_linear);
}

}  // namespace kasuri::reference
