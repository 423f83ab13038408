#pragma once

#include <optional>
#include <string>

#include "engine/ir/shape_inference/context.h"

namespace kasuri::shape_inference {

/// Attributes of a sliding window over the spatial axes (those after batch and channels).
struct Window {
  Integers kernel, strides, dilations, pads;  ///< pads: all begins, then all ends.
  std::string auto_pad;
  bool ceil_mode = false;
};

/// Reads strides, dilations, pads, auto_pad with their defaults; checks lengths and signs.
/// Empty optional after a contradiction.
std::optional<Window> read_window(Context& c, const Integers& kernel);

/// Output extent along spatial axis `i` of an input extent; unknown stays unknown.
Dim windowed(Context& c, const Window& window, size_t i, const Dim& extent);

/// [N, channels, windowed...] of `input`.
std::optional<Shape> windowed_shape(Context& c, const Window& window, const Shape& input,
                                    const Dim& channels);

/// Output of a convolution of inputs `x` and `w` (weight [M, C/group, k...]).
std::optional<Shape> convolved(Context& c, size_t x, size_t w);

}  // namespace kasuri::shape_inference
