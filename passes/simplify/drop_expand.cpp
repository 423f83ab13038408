#include "passes/simplify/drop_expand.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

/// NumPy broadcasting of static extents; empty where they do not fit.
std::optional<std::vector<int64_t>> broadcast(const std::vector<std::vector<int64_t>>& all) {
  std::vector<int64_t> out;
  for (const auto& e : all) {
    if (e.size() > out.size()) out.insert(out.begin(), e.size() - out.size(), 1);
    for (size_t i = 0; i < e.size(); ++i) {
      int64_t& o = out[out.size() - e.size() + i];
      if (o != e[i] && o != 1 && e[i] != 1) return std::nullopt;
      if (o == 1) o = e[i];
    }
  }
  return out;
}

}  // namespace

DropExpand::DropExpand() : Rule({.name = "DropExpand", .law = "f(x, expand(y)) = f(x, y)"}) {}

Match DropExpand::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (!is_elementwise(node) || node.inputs.size() < 2 || node.is("Clip")) return NotHere{};
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const Node* expand = producer_if(graph, node.inputs[i], "Expand");
    if (!expand) continue;
    std::vector<ValueId> inputs = node.inputs;
    std::replace(inputs.begin(), inputs.end(), node.inputs[i], expand->input(0));
    std::vector<std::vector<int64_t>> extents;
    for (ValueId in : inputs) {
      const auto e = static_extents(graph, in);
      KASURI_DECLINE_UNLESS(e, "a shape is not static");
      extents.push_back(*e);
    }
    const auto out = static_extents(graph, node.output(0));
    KASURI_DECLINE_UNLESS(out && broadcast(extents) == out,
                          "the expansion makes the result larger");
    GraphPatch patch(graph, "Expand that broadcasting repeats");
    const NodeId both[] = {expand->id, id};
    patch.update_node(id, std::move(inputs), node.attributes, merged_provenance(graph, both));
    if (only_reader(graph, expand->output(0))) patch.remove_node(expand->id);
    return Proposal{.patch = std::move(patch), .nodes = {expand->id}};
  }
  return NotHere{};
}

}  // namespace kasuri
