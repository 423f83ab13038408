#pragma once

#include "app/graph/graph_geometry.h"

namespace kasuri::app {

/// Two versions of a graph on one scale of heights.
struct AlignedPictures {
    GeometryPointer before, after;
};

/// Stretches both pictures, never squeezes: items of `after` stand at the middle of the height of
/// the operators they were made from, wherever both flow in the same order. Items of one rank get
/// the mean first; then each goes as near to its own sources as there is room (height_settling.h).
AlignedPictures alignHeights(const GraphGeometry &before, const GraphGeometry &after);

} // namespace kasuri::app
