#include <algorithm>

#include "engine/backend/reference/contraction.h"
#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/matmul.h"
#include "engine/backend/reference/registry.h"

// Matrix products of floats and integers, and their quantised forms.
namespace kasuri::reference {
namespace {

void matmul(Context& c) {
  const Tensor &a = c.in(0), &b = c.in(1);
  c.require(a.dtype() == b.dtype(), "inputs are {} and {}", name_of(a.dtype()), name_of(b.dtype()));
  c.set(0, matrix_product(c, a, b, a.dtype()));
}

/// x - zero_point, exact in double; the zero point is one number or one per row or column.
Tensor centred(Context& c, size_t value, size_t zero_point, bool per_row) {
  const Tensor& x = c.in(value);
  if (!c.has(zero_point))
    return map_elements<double>(c, x, DataType::kDouble, [](double v) { return v; });
  Tensor zero = c.in(zero_point);
  if (per_row && zero.rank() == 1 && zero.count() > 1) zero = zero.reshaped({zero.count(), 1});
  return zip_elements<double>(c, x, zero, DataType::kDouble,
                              [](double v, double z) { return v - z; });
}

void matmul_integer(Context& c) {
  c.set(0, matrix_product(c, centred(c, 0, 2, true), centred(c, 1, 3, false), DataType::kInt32));
}

void qlinear_matmul(Context& c) {
  const Tensor product =
      matrix_product(c, centred(c, 0, 2, true), centred(c, 3, 5, false), DataType::kDouble);
  const auto scale = [&](size_t i, bool per_row) {
    Tensor s = c.in(i);
    return per_row && s.rank() == 1 && s.count() > 1 ? s.reshaped({s.count(), 1}) : s;
  };
  const auto times = [](double x, double y) { return x * y; };
  Tensor scaled = zip_elements<double>(c, product, scale(1, true), DataType::kDouble, times);
  scaled = zip_elements<double>(c, scaled, scale(4, false), DataType::kDouble, times);
  c.set(0, requantised(c, scaled, scale(6, true), scale(7, true)));
}

void gemm(Context& c) {
  Tensor a = c.in(0), b = c.in(1);
  const Node& n = c.node();
  c.require(a.rank() == 2 && b.rank() == 2, "needs matrices, not {} and {}", text_of(a.extents()),
            text_of(b.extents()));
  const bool ta = n.get_int("transA", 0) != 0, tb = n.get_int("transB", 0) != 0;
  const int64_t m = a.extents()[ta], k = a.extents()[!ta], k2 = b.extents()[tb],
                cols = b.extents()[!tb];
  c.require(k == k2, "{} times {} does not fit", text_of(a.extents()), text_of(b.extents()));
  const auto reader = [](const Tensor& t, bool transposed) {
    const int64_t width = t.extents()[1];
    return transposed ? matrix_reader(t, 0, 1, width) : matrix_reader(t, 0, width, 1);
  };
  (void)c.scratch_count({m, cols});
  std::vector<double> out(static_cast<size_t>(m * cols));
  contract(c, {m, cols, k, reader(a, ta), reader(b, tb)}, out.data());
  const double alpha = n.get_float("alpha", 1.0f), beta = n.get_float("beta", 1.0f);
  const Tensor product = c.pack(DataType::kDouble, {m, cols}, out);
  if (!c.has(2))
    return c.set(0,
                 map_elements<double>(c, product, a.dtype(), [&](double x) { return alpha * x; }));
  const Tensor sum = zip_elements<double>(c, product, c.in(2), a.dtype(),
                                          [&](double x, double y) { return alpha * x + beta * y; });
  c.require(sum.extents() == Extents({m, cols}), "input 2 {} does not broadcast to [{},{}]",
            text_of(c.in(2).extents()), m, cols);
  c.set(0, sum);
}

}  // namespace

void register_matmul_kernels(Registry& r) {
  r.add("MatMul", matmul);
  r.add("Gemm", gemm);
  r.add("MatMulInteger", matmul_integer);
  r.add("QLinearMatMul", qlinear_matmul);
}

}  // namespace kasuri::reference
