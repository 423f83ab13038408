#include "engine/backend/reference/attention.h"

#include <cmath>
#include <limits>

#include "engine/backend/reference/strided.h"

namespace kasuri::reference {

Heads heads_of(const Context& c, const Tensor& x, int64_t heads) {
  const Extents& e = x.extents();
  if (x.rank() == 4) return {e[0], e[1], e[2], e[3], elements<double>(x)};
  c.require(x.rank() == 3 && heads > 0 && e[2] % heads == 0, "{} in {} heads", text_of(e), heads);
  const Tensor split = x.reshaped({e[0], e[1], heads, e[2] / heads});
  return {e[0], heads, e[1], e[2] / heads, elements<double>(transposed(c, split, {0, 2, 1, 3}))};
}

Tensor tensor_of(const Context& c, const Heads& x, DataType dtype, bool packed) {
  const Tensor t = c.pack(dtype, x.extents(), x.values);
  if (!packed) return t;
  return transposed(c, t, {0, 2, 1, 3}).reshaped({x.batch, x.length, x.heads * x.size});
}

Heads appended(const Context& c, const Heads& past, const Heads& now) {
  c.require(past.batch == now.batch && past.heads == now.heads && past.size == now.size,
            "past {} and present {} do not fit", text_of(past.extents()), text_of(now.extents()));
  Heads out{now.batch, now.heads, past.length + now.length, now.size, {}};
  for (int64_t group = 0; group < now.batch * now.heads; ++group) {
    const auto copy = [&](const Heads& from) {
      const auto first = from.values.begin() + group * from.length * from.size;
      out.values.insert(out.values.end(), first, first + from.length * from.size);
    };
    copy(past);
    copy(now);
  }
  return out;
}

Heads scores(const Context& c, const Heads& q, const Heads& k, double scale) {
  c.require(q.batch == k.batch && q.size == k.size && k.heads > 0 && q.heads % k.heads == 0,
            "queries {} and keys {} do not fit", text_of(q.extents()), text_of(k.extents()));
  Heads s{q.batch, q.heads, q.length, k.length, {}};
  s.values.resize(static_cast<size_t>(c.scratch_count(s.extents())));
  for (int64_t b = 0; b < q.batch; ++b)
    for (int64_t h = 0; h < q.heads; ++h) {
      c.poll();
      for (int64_t i = 0; i < q.length; ++i)
        for (int64_t j = 0; j < k.length; ++j) {
          const double* x = q.row(b, h, i);
          const double* y = k.row(b, h / (q.heads / k.heads), j);
          double sum = 0;
          for (int64_t d = 0; d < q.size; ++d) sum += x[d] * y[d];
          s.row(b, h, i)[j] = sum * scale;
        }
    }
  return s;
}

void softmax_row(double* row, int64_t n) {
  double top = -std::numeric_limits<double>::infinity(), sum = 0;
  for (int64_t j = 0; j < n; ++j) top = std::fmax(top, row[j]);
  for (int64_t j = 0; j < n; ++j) {
    row[j] = std::isinf(top) && top < 0 ? 0 : std::exp(row[j] - top);
    sum += row[j];
  }
  for (int64_t j = 0; j < n; ++j) row[j] = sum == 0 ? 0 : row[j] / sum;
}

Heads weighted(const Context& c, const Heads& p, const Heads& v) {
  c.require(p.batch == v.batch && p.size == v.length && v.heads > 0 && p.heads % v.heads == 0,
            "values {} for weights {}", text_of(v.extents()), text_of(p.extents()));
  Heads out{p.batch, p.heads, p.length, v.size, {}};
  out.values.assign(static_cast<size_t>(c.scratch_count(out.extents())), 0);
  for (int64_t b = 0; b < p.batch; ++b)
    for (int64_t h = 0; h < p.heads; ++h)
      for (int64_t i = 0; i < p.length; ++i)
        for (int64_t j = 0; j < v.length; ++j) {
          const double weight = p.row(b, h, i)[j];
          const double* from = v.row(b, h / (p.heads / v.heads), j);
          double* to = out.row(b, h, i);
          if (weight != 0)
            for (int64_t d = 0; d < v.size; ++d) to[d] += weight * from[d];
        }
  return out;
}

}  // namespace kasuri::reference
