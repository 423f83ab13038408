#include "tests/fuzz/graphs/shrinker.h"

#include <algorithm>
#include <set>

#include "engine/ir/subgraph.h"

namespace kasuri::testing {
namespace {

using Fails = std::function<bool(const Graph&)>;

class Shrinker {
 public:
  Shrinker(Graph graph, const Fails& fails, int attempts)
      : graph_(std::move(graph)), fails_(fails), attempts_(attempts) {}

  Graph run() {
    while (attempts_ > 0 && (keep_one_output() || drop_outputs() || end_early() || drop_nodes())) {
    }
    return std::move(graph_);
  }

 private:
  std::set<NodeId> all_nodes() const {
    const auto ids = graph_.node_ids();
    return {ids.begin(), ids.end()};
  }

  std::vector<ValueId> outputs() const {
    std::vector<ValueId> values;
    for (const GraphOutput& out : graph_.outputs()) values.push_back(out.value);
    return values;
  }

  /// Keeps `nodes` as far as `outputs` need them, if that is smaller and fails too.
  bool take(std::set<NodeId> nodes, const std::vector<ValueId>& outputs) {
    if (attempts_ <= 0) return false;
    for (ValueId id : outputs)
      if (!nodes.contains(graph_.value(id).producer)) return false;
    nodes = needed(nodes, outputs);
    const bool smaller =
        nodes.size() < graph_.node_count() || outputs.size() < graph_.outputs().size();
    if (nodes.empty() || !smaller) return false;
    auto cut = cut_graph(graph_, nodes, outputs);
    if (!cut.ok() || !is_runnable(*cut)) return false;
    --attempts_;
    if (!fails_(*cut)) return false;
    graph_ = *std::move(cut);
    return true;
  }

  /// Those of `nodes` that make `outputs`, by way of `nodes` only.
  std::set<NodeId> needed(const std::set<NodeId>& nodes,
                          const std::vector<ValueId>& outputs) const {
    std::set<NodeId> found;
    std::vector<ValueId> wanted = outputs;
    while (!wanted.empty()) {
      const NodeId maker = graph_.value(wanted.back()).producer;
      wanted.pop_back();
      if (!maker.valid() || !nodes.contains(maker) || !found.insert(maker).second) continue;
      const Node& node = graph_.node(maker);
      for (ValueId in : node.inputs)
        if (in.valid()) wanted.push_back(in);
      for (ValueId in : captured_values(graph_, node)) wanted.push_back(in);
    }
    return found;
  }

  static bool is_runnable(const Graph& graph) {
    for (ValueId id : graph.inputs())
      if (!graph.value(id).type.is_static_tensor()) return false;
    return true;
  }

  bool keep_one_output() {
    if (graph_.outputs().size() < 2) return false;
    for (ValueId id : outputs())
      if (take(all_nodes(), {id})) return true;
    return false;
  }

  bool drop_outputs() {
    for (size_t i = 0; i < graph_.outputs().size() && graph_.outputs().size() > 1; ++i) {
      std::vector<ValueId> rest = outputs();
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      if (take(all_nodes(), rest)) return true;
    }
    return false;
  }

  /// One value further up as the only output.
  bool end_early() {
    for (NodeId id : graph_.topological_order())
      for (ValueId value : graph_.node(id).outputs)
        if (value.valid() && !graph_.is_output(value) && take(all_nodes(), {value})) return true;
    return false;
  }

  /// Without a run of nodes, long runs first.
  bool drop_nodes() {
    const std::vector<NodeId> order = graph_.topological_order();
    for (size_t length = std::max<size_t>(1, order.size() / 2); length > 0; length /= 2)
      for (size_t at = 0; at < order.size(); at += length) {
        std::set<NodeId> kept = all_nodes();
        for (size_t i = at; i < std::min(order.size(), at + length); ++i) kept.erase(order[i]);
        if (take(kept, outputs())) return true;
      }
    return false;
  }

  Graph graph_;
  const Fails& fails_;
  int attempts_;
};

}  // namespace

Graph shrunk(const Graph& graph, const Fails& fails, int attempts) {
  return Shrinker(graph, fails, attempts).run();
}

Graph shrunk(const Graph& graph, const Finding& finding, int attempts) {
  Recipes recipes = {"raw", "none", "default@2", "all"};
  if (!finding.recipe.empty() && finding.recipe != "reference") recipes = {finding.recipe};
  const Fails fails = [&](const Graph& smaller) {
    const auto again = examine_apart(smaller, recipes);
    return again && again->kind == finding.kind;
  };
  return shrunk(graph, fails, attempts);
}

}  // namespace kasuri::testing
