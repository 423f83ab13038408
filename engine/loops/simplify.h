#pragma once

#include "engine/loops/nest.h"

namespace kasuri::loops {

struct Interval {
  int64_t low, high;  ///< inclusive
};
/// Range of an index when variable k runs over [0, extents[k]).
Interval interval_of(const Index& index, const std::vector<int64_t>& extents);

/// Interval and divisibility rules (LOOPS.md): equal to the argument on every point of the domain.
Index simplify(const Index& index, const std::vector<int64_t>& extents);
/// Simplifies all indices of a scalar; selects whose predicate is decided by intervals vanish.
Scalar simplify(const Scalar& scalar, const std::vector<int64_t>& extents);

/// Simplifies every stage, drops extent-1 variables, merges adjacent variables that are always used
/// together (a contiguous elementwise nest ends as one flat loop), removes dead stages/buffers.
/// Buffers may get other extents and strides (unit axes gone, axes in memory order, neighbours
/// merged), but the addresses touched stay the same; inputs and outputs stay, in their order, used
/// or not; locals are renumbered.
Nest simplify(const Nest& nest);

}  // namespace kasuri::loops
