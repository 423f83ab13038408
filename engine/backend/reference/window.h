#pragma once

#include <string>
#include <vector>

#include "engine/backend/reference/context.h"

namespace kasuri::reference {

/// Where a sliding window stands: one entry per spatial axis.
struct Window {
  Extents kernel, strides, dilations, before, after;  ///< before and after: padding.

  size_t rank() const { return kernel.size(); }
  int64_t span(size_t axis) const { return dilations[axis] * (kernel[axis] - 1) + 1; }
};

/// From the attributes of a node: strides, dilations, pads or auto_pad for input extents `spatial`.
Window window_of(const Context& context, const Extents& kernel, const Extents& spatial);
/// Number of window positions per axis; `ceiling` counts a last partial one that starts inside the
/// input or its left padding.
Extents positions(const Context& context, const Window& window, const Extents& spatial,
                  bool ceiling = false);

/// Walks an odometer; false after the last point.
bool advance(Extents& at, const Extents& extents);

}  // namespace kasuri::reference
