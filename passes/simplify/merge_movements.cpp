#include "passes/simplify/merge_movements.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

std::vector<int64_t> order_of(const Node& node, size_t rank) {
  std::vector<int64_t> perm = node.get_ints("perm");
  if (perm.empty())
    for (size_t i = rank; i-- > 0;) perm.push_back(static_cast<int64_t>(i));
  return perm;
}

bool is_reshape(const Node& node) {
  return is_any_of(node, {"Reshape", "Flatten", "Squeeze", "Unsqueeze"});
}

}  // namespace

MergeTransposes::MergeTransposes()
    : Rule({.name = "MergeTransposes",
            .law = "transpose(q, transpose(p, x)) = transpose(p[q], x)"}) {}

Match MergeTransposes::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& outer = graph.node(id);
  if (!outer.is("Transpose")) return NotHere{};
  const Node* inner = producer_if(graph, outer.input(0), "Transpose");
  if (!inner) return NotHere{};
  const auto extents = static_extents(graph, outer.output(0));
  KASURI_DECLINE_UNLESS(extents, "its shape is not static");
  const std::vector<int64_t> p = order_of(*inner, extents->size());
  std::vector<int64_t> q = order_of(outer, extents->size());
  for (int64_t& axis : q) axis = p[axis];
  auto attributes = outer.attributes;
  attributes["perm"] = q;
  const NodeId both[] = {inner->id, id};
  GraphPatch patch(graph, "two transposes");
  patch.update_node(id, {inner->input(0)}, std::move(attributes), merged_provenance(graph, both));
  if (only_reader(graph, inner->output(0))) patch.remove_node(inner->id);
  return Proposal{.patch = std::move(patch), .nodes = {inner->id}};
}

MergeReshapes::MergeReshapes()
    : Rule({.name = "MergeReshapes", .law = "reshape(s, reshape(r, x)) = reshape(s, x)"}) {}

Match MergeReshapes::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& outer = graph.node(id);
  if (!is_reshape(outer)) return NotHere{};
  const Node* inner = producer_of(graph, outer.input(0));
  if (!inner || !is_reshape(*inner)) return NotHere{};
  const auto extents = static_extents(graph, outer.output(0));
  KASURI_DECLINE_UNLESS(extents, "its shape is not static");
  KASURI_DECLINE_UNLESS(std::find(extents->begin(), extents->end(), 0) == extents->end(),
                        "an extent is 0");
  KASURI_DECLINE_UNLESS(outer.is("Reshape"), "the outer one is no Reshape: its target is implicit");
  GraphPatch patch(graph, "two reshapes");
  const ValueId shape =
      patch.add_constant(fresh_name(graph, outer.name + "_shape"),
                         Tensor::of<int64_t>({static_cast<int64_t>(extents->size())}, *extents));
  const NodeId both[] = {inner->id, id};
  patch.update_node(id, {inner->input(0), shape}, {}, merged_provenance(graph, both));
  if (only_reader(graph, inner->output(0))) patch.remove_node(inner->id);
  return Proposal{.patch = std::move(patch), .nodes = {inner->id}};
}

}  // namespace kasuri
