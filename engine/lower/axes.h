#pragma once

#include <vector>

#include "engine/lower/context.h"

namespace kasuri::lower {

/// A tensor's axes divided into kept and reduced ones: the domain of a reduction has the kept axes
/// first, the reduced ones last.
struct AxisSplit {
  std::vector<int> kept, reduced;
  Extents kept_extents, domain;
  int64_t reduced_count = 1;  ///< Product of the reduced extents.

  /// Reads a tensor of the full rank at a point of the reduction's domain.
  Indices at_domain() const;
  /// Reads a buffer of the kept extents at a point of the tensor's own identity domain.
  Indices kept_at_point() const;
};

AxisSplit split_axes(const Extents& extents, const std::vector<bool>& reduced);

}  // namespace kasuri::lower
