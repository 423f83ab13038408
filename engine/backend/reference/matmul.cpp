#include "engine/backend/reference/matmul.h"

#include <algorithm>
#include <cmath>

#include "engine/backend/reference/contraction.h"
#include "engine/backend/reference/elementwise.h"

namespace kasuri::reference {
namespace {

/// Operands with at least two axes, and where the result's batches find their matrices.
struct Batches {
  Extents a, b, batch, out;
  std::vector<int64_t> at_a, at_b;  // matrix numbers
};

Batches match(const Context& c, Extents a, Extents b) {
  c.require(!a.empty() && !b.empty(), "a scalar has no matrix product");
  const bool row = a.size() == 1, column = b.size() == 1;
  if (row) a.insert(a.begin(), 1);
  if (column) b.push_back(1);
  c.require(a.back() == b[b.size() - 2], "{} times {} does not fit", text_of(a), text_of(b));
  Batches m{a, b, {}, {}, {}, {}};
  const Extents lead_a(a.begin(), a.end() - 2), lead_b(b.begin(), b.end() - 2);
  m.batch = broadcast(c, {lead_a, lead_b});
  m.out = m.batch;
  if (!row) m.out.push_back(a[a.size() - 2]);
  if (!column) m.out.push_back(b.back());
  const Strides sa = broadcast_strides(lead_a, m.batch), sb = broadcast_strides(lead_b, m.batch);
  for_each_row<2>(m.batch, {sa, sb}, [&](const std::array<int64_t, 2>& at) {
    for (int64_t i = 0; i < row_length(m.batch); ++i) {
      m.at_a.push_back(at[0] + i * row_step(sa));
      m.at_b.push_back(at[1] + i * row_step(sb));
    }
  });
  return m;
}

Tensor wrapping_product(const Context& c, const Tensor& a, const Tensor& b, const Batches& batches,
                        DataType dtype) {
  const std::vector<uint64_t> x = elements<uint64_t>(a), y = elements<uint64_t>(b);
  const int64_t m = batches.a[batches.a.size() - 2], k = batches.a.back(), n = batches.b.back();
  std::vector<uint64_t> out(static_cast<size_t>(c.scratch_count(batches.out)));
  for (size_t i = 0; i < batches.at_a.size(); ++i) {
    c.poll();
    const uint64_t* p = x.data() + batches.at_a[i] * m * k;
    const uint64_t* q = y.data() + batches.at_b[i] * k * n;
    uint64_t* to = out.data() + static_cast<int64_t>(i) * m * n;
    for (int64_t r = 0; r < m; ++r)
      for (int64_t d = 0; d < k; ++d)
        for (int64_t s = 0; s < n; ++s) to[r * n + s] += p[r * k + d] * q[d * n + s];
  }
  return c.pack(dtype, batches.out, out);
}

}  // namespace

Tensor matrix_product(const Context& c, const Tensor& a, const Tensor& b, DataType dtype) {
  Batches batches = match(c, a.extents(), b.extents());
  if (is_integer(a.dtype()) && bits_of(a.dtype()) >= 32)
    return wrapping_product(c, a, b, batches, dtype);
  int64_t m = batches.a[batches.a.size() - 2];
  const int64_t k = batches.a.back(), n = batches.b.back();
  std::vector<double> out(static_cast<size_t>(c.scratch_count(batches.out)));
  if (product(batches.b, 0, batches.b.size() - 2) == 1 && !batches.at_a.empty()) {
    m *= product(batches.a, 0, batches.a.size() - 2);  // one right operand: one tall product
    batches.at_a = batches.at_b = {0};
  }
  const BlockReader all_a = matrix_reader(a, 0, k, 1), all_b = matrix_reader(b, 0, n, 1);
  for (size_t i = 0; i < batches.at_a.size(); ++i) {
    const int64_t row_a = batches.at_a[i] * m, row_b = batches.at_b[i] * k;
    const auto shifted = [](const BlockReader& reader, int64_t by) -> BlockReader {
      return [&reader, by](Span rows, Span columns, double* to) {
        reader({rows.begin + by, rows.end + by}, columns, to);
      };
    };
    contract(c, {m, n, k, shifted(all_a, row_a), shifted(all_b, row_b)},
             out.data() + static_cast<int64_t>(i) * m * n);
  }
  return c.pack(dtype, batches.out, out);
}

IntegerLimits limits_of(DataType dtype) {
  const int bits = bits_of(dtype);
  if (is_signed_integer(dtype)) return {-std::ldexp(1.0, bits - 1), std::ldexp(1.0, bits - 1) - 1};
  return {0, std::ldexp(1.0, bits) - 1};
}

Tensor requantised(const Context& c, const Tensor& x, const Tensor& scale,
                   const Tensor& zero_point) {
  const IntegerLimits limits = limits_of(zero_point.dtype());
  const Tensor rounded =
      zip_elements<double>(c, x, scale, DataType::kDouble, [](double v, double s) {
        return std::nearbyint(static_cast<double>(static_cast<float>(v) / static_cast<float>(s)));
      });
  return zip_elements<double>(c, rounded, zero_point, zero_point.dtype(), [&](double v, double z) {
    return std::isnan(v) ? z : std::clamp(v + z, limits.low, limits.high);
  });
}

}  // namespace kasuri::reference
