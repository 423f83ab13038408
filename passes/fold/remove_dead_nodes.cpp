#include "passes/fold/remove_dead_nodes.h"

#include <algorithm>
#include <set>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

bool is_dead(const Graph& graph, const Node& node, const std::set<NodeId>& gone) {
  return std::all_of(node.outputs.begin(), node.outputs.end(), [&](ValueId out) {
    if (!out.valid()) return true;
    const auto& readers = graph.value(out).consumers;
    return !graph.is_output(out) &&
           std::all_of(readers.begin(), readers.end(), [&](NodeId r) { return gone.contains(r); });
  });
}

}  // namespace

RemoveDeadNodes::RemoveDeadNodes()
    : Rule({.name = "RemoveDeadNodes", .law = "f(x) that nobody reads = nothing"}) {}

Match RemoveDeadNodes::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  if (!is_dead(graph, graph.node(id), {})) return NotHere{};
  GraphPatch patch(graph, "dead code");
  std::set<NodeId> gone{id};
  std::vector<NodeId> queue{id};
  for (size_t i = 0; i < queue.size(); ++i) {
    const Node& node = graph.node(queue[i]);
    patch.remove_node(node.id);
    std::vector<ValueId> read = captured_values(graph, node);
    read.insert(read.end(), node.inputs.begin(), node.inputs.end());
    for (ValueId in : read)
      if (const Node* p = producer_of(graph, in))
        if (is_dead(graph, *p, gone) && gone.insert(p->id).second) queue.push_back(p->id);
  }
  queue.erase(queue.begin());
  return Proposal{.patch = std::move(patch), .nodes = std::move(queue)};
}

}  // namespace kasuri
