#pragma once

#include <optional>
#include <span>

#include "engine/ir/graph.h"

namespace kasuri {

/// A reduction, softmax or normalisation along the last axis that keeps the axis' place.
bool is_row_operation(const Graph& graph, const Node& node);

/// The rows several nodes work on.
struct RowShape {
  std::vector<int64_t> extents;
  int64_t bytes = 0;     ///< Of one row of float32.
  bool reduces = false;  ///< Some node reduces rows; else everything is elementwise.
};

/// The common rows of nodes whose results all have the same extents, or the same with a last axis
/// of one. Empty if there are none.
std::optional<RowShape> common_rows(const Graph& graph, std::span<const NodeId> nodes);

}  // namespace kasuri
