#include "passes/fuse/row_shape.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

bool maps_elements(const Node& node) { return is_elementwise(node) || converts_codes(node); }

}  // namespace

bool is_row_operation(const Graph& graph, const Node& node) {
  const auto extents = static_extents(graph, node.input(0));
  if (!extents || extents->empty()) return false;
  const auto rank = static_cast<int64_t>(extents->size());
  const auto is_last = [rank](int64_t axis) { return axis == -1 || axis == rank - 1; };
  if (is_any_of(node, {"Softmax", "LogSoftmax"}) && node.opset >= 13)
    return is_last(node.get_int("axis", -1));
  if (is_any_of(node, {"Softmax", "LogSoftmax"})) return is_last(node.get_int("axis", 1));
  if (is_any_of(node, {"LayerNormalization", "RMSNormalization"}))
    return is_last(node.get_int("axis", -1)) && node.outputs.size() == 1;
  if (!is_any_of(node, {"ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceL1",
                        "ReduceSumSquare"}))
    return false;
  if (node.get_int("keepdims", 1) != 1) return false;
  const auto axes = integers_of(graph, node, "axes", 1);
  return axes && axes->size() == 1 && is_last((*axes)[0]);
}

namespace {

/// The widest extents among results and among what is reduced.
std::vector<int64_t> widest(const Graph& graph, std::span<const NodeId> nodes) {
  std::vector<int64_t> wide;
  const auto consider = [&](ValueId value) {
    const auto e = static_extents(graph, value);
    if (e && (e->size() > wide.size() || (e->size() == wide.size() && *e > wide))) wide = *e;
  };
  for (NodeId id : nodes) {
    const Node& node = graph.node(id);
    for (ValueId out : node.outputs) consider(out);
    if (!maps_elements(node)) consider(node.input(0));
  }
  return wide;
}

}  // namespace

std::optional<RowShape> common_rows(const Graph& graph, std::span<const NodeId> nodes) {
  RowShape rows;
  rows.extents = widest(graph, nodes);
  if (rows.extents.empty()) return std::nullopt;
  for (NodeId id : nodes) {
    const Node& node = graph.node(id);
    rows.reduces |= !maps_elements(node);
    if (!static_extents(graph, node.output(0))) return std::nullopt;
    const auto extents = *static_extents(graph, node.output(0));
    if (extents.size() != rows.extents.size()) return std::nullopt;
    if (!std::equal(extents.begin(), extents.end() - 1, rows.extents.begin())) return std::nullopt;
    if (extents.back() != rows.extents.back() && extents.back() != 1) return std::nullopt;
    if (maps_elements(node)) continue;
    if (static_extents(graph, node.input(0)) != rows.extents) return std::nullopt;
  }
  if (!rows.reduces)
    for (NodeId id : nodes)
      if (static_extents(graph, graph.node(id).output(0)) != rows.extents) return std::nullopt;
  rows.bytes = rows.extents.back() * 4;
  return rows;
}

}  // namespace kasuri
