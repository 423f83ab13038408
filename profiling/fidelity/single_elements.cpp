#include "profiling/fidelity/single_elements.h"

#include <cmath>
#include <string>
#include <vector>

namespace kasuri::profiling {
namespace {

std::vector<int64_t> coordinates(int64_t index, const std::vector<int64_t>& extents) {
  std::vector<int64_t> at(extents.size());
  for (size_t axis = extents.size(); axis-- > 0;) {
    at[axis] = index % extents[axis];
    index /= extents[axis];
  }
  return at;
}

void add_product(ElementSum& sum, double a, double b) {
  sum.value += a * b;
  sum.magnitude += std::fabs(a * b);
}

/// Offset of the matrix of `tensor` that batch coordinates select, with broadcasting.
int64_t batch_offset(const std::vector<int64_t>& extents, const std::vector<int64_t>& batch) {
  int64_t offset = 0;
  const size_t own = extents.size() - 2;
  for (size_t axis = 0; axis < own; ++axis) {
    const int64_t at = batch[batch.size() - own + axis];
    offset = offset * extents[axis] + (extents[axis] == 1 ? 0 : at);
  }
  return offset * extents[own] * extents[own + 1];
}

std::optional<ElementSum> matmul(const Tensor& a, const Tensor& b, const Tensor& out,
                                 int64_t index) {
  if (a.rank() < 2 || b.rank() < 2) return std::nullopt;
  const std::vector<int64_t> at = coordinates(index, out.extents());
  const std::vector<int64_t> batch(at.begin(), at.end() - 2);
  const int64_t row = at[at.size() - 2], column = at.back();
  const int64_t depth = a.extents().back(), columns = b.extents().back();
  const float* left = a.data<float>().data() + batch_offset(a.extents(), batch) + row * depth;
  const float* right = b.data<float>().data() + batch_offset(b.extents(), batch) + column;
  ElementSum sum;
  for (int64_t k = 0; k < depth; ++k) add_product(sum, left[k], right[k * columns]);
  return sum;
}

void add_bias(ElementSum& sum, double bias) {
  sum.value += bias;
  sum.magnitude += std::fabs(bias);
}

std::optional<ElementSum> gemm(const Node& node, std::span<const RuntimeValue> inputs,
                               const Tensor& out, int64_t index) {
  const Tensor &a = inputs[0].tensor(), &b = inputs[1].tensor();
  const bool flip_a = node.get_int("transA", 0) != 0, flip_b = node.get_int("transB", 0) != 0;
  const int64_t columns = out.extents()[1], row = index / columns, column = index % columns;
  const int64_t depth = a.extents()[flip_a ? 0 : 1];
  ElementSum sum;
  for (int64_t k = 0; k < depth; ++k)
    add_product(
        sum,
        a.data<float>()[static_cast<size_t>(flip_a ? k * a.extents()[1] + row : row * depth + k)],
        b.data<float>()[static_cast<size_t>(flip_b ? column * depth + k : k * columns + column)]);
  const double alpha = node.get_float("alpha", 1);
  sum = {sum.value * alpha, sum.magnitude * std::fabs(alpha)};
  if (inputs.size() < 3 || !inputs[2].is_tensor()) return sum;
  const Tensor& c = inputs[2].tensor();
  const int64_t c_columns = c.rank() > 0 ? c.extents().back() : 1;
  const int64_t c_rows = c.rank() > 1 ? c.extents()[0] : 1;
  const int64_t place = (c_rows == 1 ? 0 : row) * c_columns + (c_columns == 1 ? 0 : column);
  add_bias(sum, node.get_float("beta", 1) * c.data<float>()[static_cast<size_t>(place)]);
  return sum;
}

/// Leading pads per spatial axis.
std::vector<int64_t> leading_pads(const Node& node, const Tensor& x, const Tensor& w,
                                  const Tensor& out) {
  const size_t spatial = x.extents().size() - 2;
  std::vector<int64_t> pads = node.get_ints("pads", std::vector<int64_t>(2 * spatial, 0));
  pads.resize(spatial);
  const std::string automatic = node.get_string("auto_pad", "NOTSET");
  if (automatic == "VALID") return std::vector<int64_t>(spatial, 0);
  if (automatic != "SAME_UPPER" && automatic != "SAME_LOWER") return pads;
  const auto strides = node.get_ints("strides", std::vector<int64_t>(spatial, 1));
  const auto dilations = node.get_ints("dilations", std::vector<int64_t>(spatial, 1));
  for (size_t i = 0; i < spatial; ++i) {
    const int64_t reach = (w.extents()[i + 2] - 1) * dilations[i] + 1;
    const int64_t total =
        std::max<int64_t>(0, (out.extents()[i + 2] - 1) * strides[i] + reach - x.extents()[i + 2]);
    pads[i] = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
  }
  return pads;
}

std::optional<ElementSum> conv(const Node& node, std::span<const RuntimeValue> inputs,
                               const Tensor& out, int64_t index) {
  const Tensor &x = inputs[0].tensor(), &w = inputs[1].tensor();
  const size_t spatial = x.extents().size() - 2;
  const auto strides = node.get_ints("strides", std::vector<int64_t>(spatial, 1));
  const auto dilations = node.get_ints("dilations", std::vector<int64_t>(spatial, 1));
  const std::vector<int64_t> pads = leading_pads(node, x, w, out);
  const std::vector<int64_t> at = coordinates(index, out.extents());
  const int64_t per_group = w.extents()[1];
  const int64_t group = at[1] / (out.extents()[1] / node.get_int("group", 1));
  std::vector<int64_t> kernel(w.extents().begin() + 1, w.extents().end());
  int64_t taps = 1;
  for (int64_t extent : kernel) taps *= extent;
  ElementSum sum;
  for (int64_t tap = 0; tap < taps; ++tap) {
    const std::vector<int64_t> k = coordinates(tap, kernel);
    int64_t place = at[0] * x.extents()[1] + group * per_group + k[0];
    bool inside = true;
    for (size_t i = 0; inside && i < spatial; ++i) {
      const int64_t position = at[i + 2] * strides[i] - pads[i] + k[i + 1] * dilations[i];
      inside = position >= 0 && position < x.extents()[i + 2];
      place = place * x.extents()[i + 2] + position;
    }
    if (inside)
      add_product(sum, x.data<float>()[static_cast<size_t>(place)],
                  w.data<float>()[static_cast<size_t>(at[1] * taps + tap)]);
  }
  if (inputs.size() > 2 && inputs[2].is_tensor())
    add_bias(sum, inputs[2].tensor().data<float>()[static_cast<size_t>(at[1])]);
  return sum;
}

}  // namespace

bool can_recompute(const Node& node, std::span<const RuntimeValue> inputs) {
  if (!node.is("MatMul") && !node.is("Gemm") && !node.is("Conv")) return false;
  for (const RuntimeValue& input : inputs)
    if (input.present() && (!input.is_tensor() || input.tensor().dtype() != DataType::kFloat))
      return false;
  return inputs.size() >= 2 && inputs[0].tensor().rank() >= 2 && inputs[1].tensor().rank() >= 2;
}

std::optional<ElementSum> recompute_element(const Node& node, std::span<const RuntimeValue> inputs,
                                            const Tensor& output, int64_t index) {
  if (!can_recompute(node, inputs) || output.dtype() != DataType::kFloat) return std::nullopt;
  if (node.is("MatMul")) return matmul(inputs[0].tensor(), inputs[1].tensor(), output, index);
  if (node.is("Gemm")) return gemm(node, inputs, output, index);
  return conv(node, inputs, output, index);
}

}  // namespace kasuri::profiling
