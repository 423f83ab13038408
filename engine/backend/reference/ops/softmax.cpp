#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/backend/reference/registry.h"

// Softmax and its relatives. Up to opset 12 all axes from `axis` on are one; later only that axis.
namespace kasuri::reference {
namespace {

/// Rows of a tensor: `n` elements `step` apart, for each outer and inner position.
struct Rows {
  int64_t outer, n, step;
};

Rows rows_of(Context& c, const Tensor& x) {
  const bool coerced = c.opset() < 13;
  const int64_t given = c.node().get_int("axis", coerced ? 1 : -1);
  if (coerced && given == x.rank()) return {x.count(), 1, 1};
  const auto axis = static_cast<size_t>(x.rank() == 0 ? 0 : c.axis(given, x.rank()));
  const int64_t outer = product(x.extents(), 0, axis);
  if (coerced || x.rank() == 0) return {outer, product(x.extents(), axis), 1};
  return {outer, x.extents()[axis], product(x.extents(), axis + 1)};
}

/// Calls f(row, n, step) for each row of the values, which it changes.
template <typename F>
void for_each(Context& c, F f) {
  const Tensor& x = c.in(0);
  const Rows rows = rows_of(c, x);
  std::vector<double> values = elements<double>(x);
  for (int64_t o = 0; o < rows.outer; ++o)
    for (int64_t i = 0; i < rows.step; ++i)
      if (rows.n > 0) f(values.data() + o * rows.n * rows.step + i, rows.n, rows.step);
  c.set(0, c.pack(x.dtype(), x.extents(), values));
}

double largest(const double* row, int64_t n, int64_t step) {
  double best = -std::numeric_limits<double>::infinity();
  for (int64_t k = 0; k < n; ++k) best = std::fmax(best, row[k * step]);
  return best;
}

void softmax(Context& c) {
  for_each(c, [](double* row, int64_t n, int64_t step) {
    const double top = largest(row, n, step);
    double sum = 0;
    for (int64_t k = 0; k < n; ++k) sum += row[k * step] = std::exp(row[k * step] - top);
    for (int64_t k = 0; k < n; ++k) row[k * step] /= sum;
  });
}

void log_softmax(Context& c) {
  for_each(c, [](double* row, int64_t n, int64_t step) {
    const double top = largest(row, n, step);
    double sum = 0;
    for (int64_t k = 0; k < n; ++k) sum += std::exp(row[k * step] - top);
    for (int64_t k = 0; k < n; ++k) row[k * step] = row[k * step] - top - std::log(sum);
  });
}

void hardmax(Context& c) {
  for_each(c, [](double* row, int64_t n, int64_t step) {
    int64_t best = 0;
    for (int64_t k = 1; k < n; ++k)
      if (row[k * step] > row[best * step]) best = k;
    for (int64_t k = 0; k < n; ++k) row[k * step] = k == best ? 1 : 0;
  });
}

}  // namespace

void register_softmax_kernels(Registry& r) {
  r.add("Softmax", softmax);
  r.add("LogSoftmax", log_softmax);
  r.add("Hardmax", hardmax);
}

}  // namespace kasuri::reference
