#pragma once

#include <QSet>

#include "app/graph/graph_geometry.h"

namespace kasuri::app {

/// The item an arrow key leads to from `here`: down and up along edges, left and right within a
/// rank; -1 where there is none.
int neighbour(const GraphGeometry &graph, int here, int key);

/// All items on ways from one item to the other along the flow, either way round; both ends
/// included. Empty where there is none.
QSet<int> between(const GraphGeometry &graph, int a, int b);

} // namespace kasuri::app
