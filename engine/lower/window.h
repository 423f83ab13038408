#pragma once

#include <vector>

#include "engine/lower/context.h"

namespace kasuri::lower {

/// Geometry of a sliding window (Conv, pooling) over the spatial axes of an [N, C, spatial...]
/// tensor. Pads are resolved from auto_pad.
struct Window {
  Extents input, output, kernel;  ///< Spatial extents.
  Extents strides, dilations, pads_before, pads_after;

  size_t rank() const { return input.size(); }
  /// Input coordinate of output coordinate `o`, window coordinate `k` on spatial axis `axis`.
  Index at(size_t axis, const Index& o, const Index& k) const;
  /// Whether that coordinate may fall outside the input.
  bool may_leave(size_t axis) const;
};

/// `kernel`: spatial extents of the window.
Window window_of(const Node& node, const Extents& input, const Extents& output, Extents kernel);

}  // namespace kasuri::lower
