#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kasuri {

/// No tensor has more elements, so that bytes and their sums stay within int64.
inline constexpr int64_t kMostElements = int64_t{1} << 48;
/// Nor do the other extents of an empty tensor multiply to more: loops run over them.
inline constexpr int64_t kMostEmptyRows = int64_t{1} << 31;
inline constexpr size_t kMostAxes = 64;

/// Extents a tensor of this program may have: none negative, and within the limits above.
inline bool are_possible(const std::vector<int64_t>& extents) {
  if (extents.size() > kMostAxes) return false;
  int64_t rows = 1;
  bool empty = false, fits = true;
  for (int64_t e : extents) {
    if (e < 0) return false;
    empty = empty || e == 0;
    if (e > 0) fits = fits && !__builtin_mul_overflow(rows, e, &rows);
  }
  return fits && rows <= (empty ? kMostEmptyRows : kMostElements);
}

}  // namespace kasuri
