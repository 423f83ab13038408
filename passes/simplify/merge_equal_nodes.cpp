#include "passes/simplify/merge_equal_nodes.h"

#include <algorithm>
#include <cstring>

#include "engine/ir/attribute_hash.h"
#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

constexpr size_t kMaxCandidates = 256;
constexpr size_t kComparedBytes = 4096;

bool same_constant(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || a.extents() != b.extents()) return false;
  if (a.dtype() == DataType::kString) return a.strings() == b.strings();
  if (a.bytes().data() == b.bytes().data()) return true;
  return a.bytes().size() <= kComparedBytes &&
         std::memcmp(a.bytes().data(), b.bytes().data(), a.bytes().size()) == 0;
}

bool same_input(const Graph& graph, ValueId a, ValueId b) {
  if (a == b) return true;
  if (!a.valid() || !b.valid()) return false;
  const Value &left = graph.value(a), &right = graph.value(b);
  return left.constant && right.constant && same_constant(*left.constant, *right.constant);
}

bool equal_nodes(const Graph& graph, const Node& a, const Node& b) {
  if (a.op != b.op || a.opset != b.opset || a.inputs.size() != b.inputs.size() ||
      a.outputs.size() != b.outputs.size() || a.attributes.size() != b.attributes.size())
    return false;
  for (size_t i = 0; i < a.inputs.size(); ++i)
    if (!same_input(graph, a.inputs[i], b.inputs[i])) return false;
  for (size_t i = 0; i < a.outputs.size(); ++i)
    if (a.outputs[i].valid() && !b.outputs[i].valid()) return false;
  return std::equal(
      a.attributes.begin(), a.attributes.end(), b.attributes.begin(),
      [](const auto& x, const auto& y) { return x.first == y.first && equal(x.second, y.second); });
}

/// The earliest node that computes the same.
const Node* twin_of(const Graph& graph, const Node& node) {
  const std::vector<NodeId>* candidates = nullptr;
  for (ValueId in : node.inputs) {
    if (!in.valid() || graph.value(in).is_constant()) continue;
    const auto& readers = graph.value(in).consumers;
    if (!candidates || readers.size() < candidates->size()) candidates = &readers;
  }
  if (!candidates || candidates->size() > kMaxCandidates) return nullptr;
  const Node* best = nullptr;
  for (NodeId id : *candidates) {
    if (id == node.id || graph.rank(id) >= graph.rank(node.id)) continue;
    if (best && graph.rank(id) >= graph.rank(best->id)) continue;
    if (equal_nodes(graph, node, graph.node(id))) best = &graph.node(id);
  }
  return best;
}

}  // namespace

MergeEqualNodes::MergeEqualNodes()
    : Rule({.name = "MergeEqualNodes", .law = "f(x), f(x) = let y = f(x) in y, y"}) {}

Match MergeEqualNodes::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (is_random(node) || has_body(node)) return NotHere{};
  const Node* twin = twin_of(graph, node);
  if (!twin) return NotHere{};
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (!node.outputs[i].valid()) continue;
    KASURI_DECLINE_UNLESS(!is_captured(graph, node.outputs[i]), "a body reads its output by name");
    KASURI_DECLINE_UNLESS(!graph.is_output(node.outputs[i]) || !graph.is_output(twin->outputs[i]),
                          "both results are graph outputs");
  }
  GraphPatch patch(graph, "equal " + node.op.name);
  const NodeId both[] = {twin->id, id};
  patch.update_node(twin->id, twin->inputs, twin->attributes, merged_provenance(graph, both));
  for (size_t i = 0; i < node.outputs.size(); ++i)
    if (node.outputs[i].valid()) patch.replace_value(node.outputs[i], twin->outputs[i]);
  patch.remove_node(id);
  return Proposal{.patch = std::move(patch), .nodes = {twin->id}};
}

}  // namespace kasuri
