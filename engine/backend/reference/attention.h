#pragma once

#include <functional>
#include <vector>

#include "engine/backend/reference/context.h"

namespace kasuri::reference {

/// One operand of attention as [batch, heads, length, size].
struct Heads {
  int64_t batch = 0, heads = 0, length = 0, size = 0;
  std::vector<double> values;

  const double* row(int64_t b, int64_t h, int64_t i) const {
    return values.data() + ((b * heads + h) * length + i) * size;
  }
  double* row(int64_t b, int64_t h, int64_t i) {
    return values.data() + ((b * heads + h) * length + i) * size;
  }
  Extents extents() const { return {batch, heads, length, size}; }
};

/// From [batch, heads, length, size], or [batch, length, heads * size] with `heads` given.
Heads heads_of(const Context& context, const Tensor& x, int64_t heads);
/// As a tensor of rank 4, or of rank 3 with heads in the last axis.
Tensor tensor_of(const Context& context, const Heads& x, DataType dtype, bool packed);
/// `past` in front of `now` along the length.
Heads appended(const Context& context, const Heads& past, const Heads& now);

/// scale * q k^T as [batch, q heads, q length, k length]; query heads share key heads in groups.
Heads scores(const Context& context, const Heads& q, const Heads& k, double scale);
/// Turns a row of scores into probabilities; a row that is -inf everywhere becomes zero.
void softmax_row(double* row, int64_t n);
/// probabilities v.
Heads weighted(const Context& context, const Heads& probabilities, const Heads& v);

}  // namespace kasuri::reference
