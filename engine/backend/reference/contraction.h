#pragma once

#include <cstdint>
#include <functional>

#include "engine/backend/reference/context.h"

namespace kasuri::reference {

/// Half-open index range.
struct Span {
  int64_t begin = 0, end = 0;
  int64_t size() const { return end - begin; }
};

/// Writes the block [rows) x [columns) of a matrix, row-major, into `out`.
using BlockReader = std::function<void(Span rows, Span columns, double* out)>;

/// c[m, n] = sum over k of a[m, k] * b[k, n], each sum in order of k in one double. Products of
/// float32, float16 and 8-bit integers are exact in double, so the result depends neither on
/// blocking, nor threads, nor instruction set: it is that of the three plain loops.
struct Contraction {
  int64_t m = 0, n = 0, k = 0;
  BlockReader a;  ///< Called with rows of m and columns of k.
  BlockReader b;  ///< Called with rows of k and columns of n.
};

/// Adds the contraction to `c` (m x n, row-major).
void contract(const Context& context, const Contraction& contraction, double* c);

/// Reads a matrix stored in `tensor` from element `offset` with the given steps.
BlockReader matrix_reader(const Tensor& tensor, int64_t offset, int64_t row_step,
                          int64_t column_step);

}  // namespace kasuri::reference
