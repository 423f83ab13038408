#pragma once

#include "app/graph/graph_geometry.h"

namespace kasuri::app {

/// Items of one rank share a height, though their sources may stand at different ones. Moves each
/// item of `after` as near to the middle of its sources in `before` as the items, frames and lines
/// around it let it; both stand on one scale of heights already.
GeometryPointer settleHeights(const GraphGeometry &before, const GraphGeometry &after);

} // namespace kasuri::app
