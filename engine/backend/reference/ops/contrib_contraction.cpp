#include <algorithm>
#include <cmath>

#include "engine/backend/reference/activations.h"
#include "engine/backend/reference/convolution.h"
#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/joining.h"
#include "engine/backend/reference/matmul.h"
#include "engine/backend/reference/registry.h"

// Products and quantised arithmetic of com.microsoft.
namespace kasuri::reference {
namespace {

/// The operand as FusedMatMul sees it: [m, batch..., k] becomes [batch..., m, k], then the last two
/// change places.
Tensor turned(Context& c, const Tensor& x, bool swap_last, bool swap_batch) {
  if (!swap_last && !swap_batch) return x;
  c.require(x.rank() >= 2, "a vector cannot be transposed");
  std::vector<int> order;
  for (int d = 0; d < x.rank(); ++d) order.push_back(d);
  if (swap_batch) std::rotate(order.begin(), order.begin() + 1, order.end() - 1);
  if (swap_last) std::swap(order[order.size() - 1], order[order.size() - 2]);
  return transposed(c, x, order);
}

void fused_matmul(Context& c) {
  const Node& n = c.node();
  const auto is_set = [&](const char* name) { return n.get_int(name, 0) != 0; };
  const Tensor a = turned(c, c.in(0), is_set("transA"), is_set("transBatchA"));
  const Tensor b = turned(c, c.in(1), is_set("transB"), is_set("transBatchB"));
  const double alpha = n.get_float("alpha", 1);
  c.set(0, map_elements<double>(c, matrix_product(c, a, b, DataType::kDouble), a.dtype(),
                                [&](double v) { return alpha * v; }));
}

/// The activation an attribute names, applied to wide values.
Tensor activated(Context& c, const Tensor& x, DataType dtype) {
  const Node& n = c.node();
  const std::string name = n.get_string("activation", "");
  const std::vector<float> p = n.get_floats("activation_params");
  const double alpha =
      p.empty() ? n.get_float("activation_alpha", name == "HardSigmoid" ? 0.2f : 0.01f) : p[0];
  const double beta = p.size() < 2 ? n.get_float("activation_beta", 0.5f) : p[1];
  return map_elements<double>(c, x, dtype, [&](double v) {
    if (name.empty()) return v;
    if (name == "Relu") return std::fmax(v, 0);
    if (name == "Tanh") return std::tanh(v);
    if (name == "Sigmoid") return sigmoid(v);
    if (name == "LeakyRelu") return v < 0 ? alpha * v : v;
    if (name == "HardSigmoid") return hard_sigmoid(v, alpha, beta);
    if (name == "Clip") return std::clamp(v, alpha, beta);
    c.fail("activation '" + name + "' is unknown");
  });
}

void fused_conv(Context& c) {
  Tensor y = convolved(c, c.in(0), c.in(1));
  if (c.has(2)) y = with_channel_bias(c, y, c.in(2), DataType::kDouble);
  if (c.has(3))
    y = zip_elements<double>(c, y, c.in(3), DataType::kDouble,
                             [](double a, double b) { return a + b; });
  c.set(0, activated(c, y, c.in(0).dtype()));
}

void fused_gemm(Context& c) {
  const Node& n = c.node();
  const Tensor a = n.get_int("transA", 0) != 0 ? turned(c, c.in(0), true, false) : c.in(0);
  const Tensor b = n.get_int("transB", 0) != 0 ? turned(c, c.in(1), true, false) : c.in(1);
  const double alpha = n.get_float("alpha", 1), beta = n.get_float("beta", 1);
  Tensor y = map_elements<double>(c, matrix_product(c, a, b, DataType::kDouble), DataType::kDouble,
                                  [&](double v) { return alpha * v; });
  if (c.has(2))
    y = zip_elements<double>(c, y, c.in(2), DataType::kDouble,
                             [&](double v, double w) { return v + beta * w; });
  c.set(0, activated(c, y, a.dtype()));
}

/// Weights of MatMulNBits, [K, N]: blocks of `block` codes along K, low bits first, with a scale
/// and a zero point (packed like the codes, default the middle) per block.
Tensor unpacked_weights(Context& c, int64_t k, int64_t n, int64_t bits, int64_t block) {
  const int64_t blocks = (k + block - 1) / block, block_bytes = block * bits / 8;
  const Tensor &codes = c.in(1), &scales = c.in(2);
  c.require(codes.dtype() == DataType::kUint8 && codes.count() == n * blocks * block_bytes &&
                scales.count() == n * blocks,
            "weights {} and scales {} do not fit", text_of(codes.extents()),
            text_of(scales.extents()));
  const auto code_at = [bits](std::span<const uint8_t> bytes, int64_t bit) {
    return static_cast<double>((bytes[static_cast<size_t>(bit / 8)] >> (bit % 8)) &
                               ((1 << bits) - 1));
  };
  const std::vector<double> scale = elements<double>(scales);
  std::vector<double> zeros(static_cast<size_t>(n * blocks),
                            std::ldexp(1.0, static_cast<int>(bits) - 1));
  if (c.has(3) && is_float(c.in(3).dtype())) {
    c.require(c.in(3).count() == n * blocks, "zero points do not fit");
    zeros = elements<double>(c.in(3));
  } else if (c.has(3)) {
    const int64_t row_bytes = (blocks * bits + 7) / 8;
    c.require(c.in(3).dtype() == DataType::kUint8 && c.in(3).count() == n * row_bytes,
              "zero points do not fit");
    for (int64_t i = 0; i < n * blocks; ++i)
      zeros[static_cast<size_t>(i)] =
          code_at(c.in(3).data<uint8_t>(), i / blocks * row_bytes * 8 + i % blocks * bits);
  }
  std::vector<double> out(static_cast<size_t>(k * n));
  for (int64_t column = 0; column < n; ++column)
    for (int64_t row = 0; row < k; ++row) {
      const int64_t b = column * blocks + row / block;
      const double code = code_at(codes.data<uint8_t>(), b * block_bytes * 8 + row % block * bits);
      out[static_cast<size_t>(row * n + column)] =
          (code - zeros[static_cast<size_t>(b)]) * scale[static_cast<size_t>(b)];
    }
  return c.pack(c.in(0).dtype(), {k, n}, out);
}

void matmul_nbits(Context& c) {
  const Node& node = c.node();
  const int64_t k = node.get_int("K", 0), n = node.get_int("N", 0), bits = node.get_int("bits", 4),
                block = node.get_int("block_size", 32);
  c.require(k > 0 && n > 0 && (bits == 2 || bits == 4 || bits == 8) && block >= 16 &&
                block <= (1 << 20) && k < (1 << 28) && n < (1 << 28),
            "K {}, N {}, {} bits in blocks of {}", k, n, bits, block);
  c.require(!c.has(4), "reordered columns (g_idx) are not supported");
  const Tensor y =
      matrix_product(c, c.in(0), unpacked_weights(c, k, n, bits, block), DataType::kDouble);
  const DataType dtype = c.in(0).dtype();
  if (!c.has(5)) return c.set(0, map_elements<double>(c, y, dtype, [](double v) { return v; }));
  c.set(0, zip_elements<double>(c, y, c.in(5), dtype, [](double v, double b) { return v + b; }));
}

/// (x - zero) * scale of inputs i, i + 1 (scale) and i + 2 (zero point).
Tensor dequantised(Context& c, size_t i) {
  const double scale = c.number(i + 1, 1), zero = c.number(i + 2, 0);
  return map_elements<double>(c, c.in(i), DataType::kDouble,
                              [&](double v) { return (v - zero) * scale; });
}

Tensor zero_or(Context& c, size_t i, DataType dtype) {
  return c.has(i) ? c.in(i).reshaped({}) : c.pack<int64_t>(dtype, {}, {0});
}

template <auto F>
void qlinear_binary(Context& c) {
  const Tensor y =
      zip_elements<double>(c, dequantised(c, 0), dequantised(c, 3), DataType::kDouble, F);
  c.set(0, requantised(c, y, c.in(6).reshaped({}), zero_or(c, 7, c.in(0).dtype())));
}

void qlinear_concat(Context& c) {
  c.require(c.input_count() >= 5 && (c.input_count() - 2) % 3 == 0, "{} inputs", c.input_count());
  std::vector<Tensor> parts;
  for (size_t i = 2; i < c.input_count(); i += 3) parts.push_back(dequantised(c, i));
  c.set(0, requantised(c, concatenated(c, parts, c.node().get_int("axis", 0)), c.in(0).reshaped({}),
                       c.in(1).reshaped({})));
}

void qlinear_global_average_pool(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 3, "needs spatial axes, not {}", text_of(x.extents()));
  const bool channels_last = c.node().get_int("channels_last", 0) != 0;
  const int64_t batch = x.extents()[0],
                channels = channels_last ? x.extents().back() : x.extents()[1];
  const int64_t n = batch * channels > 0 ? x.count() / batch / channels : 0;
  const std::vector<double> v = elements<double>(dequantised(c, 0));
  std::vector<double> mean(static_cast<size_t>(batch * channels), 0);
  for (int64_t i = 0; i < x.count(); ++i) {
    const int64_t ch = channels_last ? i % channels : i / n % channels;
    mean[static_cast<size_t>(i / (n * channels) * channels + ch)] +=
        v[static_cast<size_t>(i)] / static_cast<double>(n);
  }
  Extents out(x.extents().size(), 1);
  out[0] = batch;
  (channels_last ? out.back() : out[1]) = channels;
  c.set(0, requantised(c, c.pack(DataType::kDouble, out, mean), c.in(3).reshaped({}),
                       zero_or(c, 4, x.dtype())));
}

template <auto F>
void qlinear_unary(Context& c) {
  const double alpha = c.node().get_float("alpha", 0.01f);
  const Tensor y = map_elements<double>(c, dequantised(c, 0), DataType::kDouble,
                                        [&](double v) { return F(v, alpha); });
  c.set(0, requantised(c, y, c.in(3).reshaped({}), zero_or(c, 4, c.in(0).dtype())));
}

}  // namespace

void register_contrib_contraction_kernels(Registry& r) {
  const auto add = [&](const char* op, KernelFunction kernel) {
    r.add("com.microsoft", op, kernel);
  };
  add("FusedMatMul", fused_matmul);
  add("FusedConv", fused_conv);
  add("FusedGemm", fused_gemm);
  add("MatMulNBits", matmul_nbits);
  add("QLinearAdd", qlinear_binary<[](double a, double b) { return a + b; }>);
  add("QLinearMul", qlinear_binary<[](double a, double b) { return a * b; }>);
  add("QLinearConcat", qlinear_concat);
  add("QLinearGlobalAveragePool", qlinear_global_average_pool);
  add("QLinearSigmoid", qlinear_unary<[](double v, double) { return sigmoid(v); }>);
  add("QLinearLeakyRelu",
      qlinear_unary<[](double v, double alpha) { return v < 0 ? alpha * v : v; }>);
}

}  // namespace kasuri::reference
