#include "passes/fuse/recognize_layer_norm.h"

#include <algorithm>
#include <cmath>
#include <queue>

#include "engine/rewrite/pattern.h"
#include "passes/fuse/region.h"

namespace kasuri {
namespace {

constexpr size_t kLongest = 16;

/// A mean over the last axis or axes that keeps their place.
bool is_row_mean(const Graph& graph, const Node& node) {
  if (!node.is("ReduceMean") || node.get_int("keepdims", 1) != 1) return false;
  const auto extents = static_extents(graph, node.input(0));
  auto axes = integers_of(graph, node, "axes", 1);
  if (!extents || !axes || axes->empty()) return false;
  const auto rank = static_cast<int64_t>(extents->size());
  for (int64_t& a : *axes) a = a < 0 ? a + rank : a;
  std::sort(axes->begin(), axes->end());
  for (size_t i = 0; i < axes->size(); ++i)
    if ((*axes)[i] != rank - static_cast<int64_t>(axes->size() - i)) return false;
  return true;
}

/// x of mean(x), or of mean(x * x).
ValueId normalised_input(const Graph& graph, const Node& mean) {
  const Node* square = producer_of(graph, mean.input(0));
  if (!square || !only_reader(graph, mean.input(0))) return mean.input(0);
  const bool is_power = square->is("Pow") && scalar_of(graph, square->input(1)) == 2.0;
  const bool is_product = square->is("Mul") && square->input(0) == square->input(1);
  return is_power || is_product ? square->input(0) : mean.input(0);
}

struct NormGrowth {
  NormGrowth(const Scene& s, ValueId start) : scene(s), graph(s.graph), x(start), region(s) {
    offer(x);
  }

  /// The largest closed stage that divides by a root; empty if there is none.
  std::vector<NodeId> grow() {
    std::vector<NodeId> best;
    while (!open.empty() && region.size() < kLongest) {
      const Node& node = graph.node(open.top().second);
      open.pop();
      if (region.contains(node.id) || !may_join(node)) continue;
      region.add(node.id);
      made.insert(node.output(0));
      means += node.is("ReduceMean");
      roots += node.is("Sqrt") ||
               (node.is("Pow") && std::fabs(scalar_of(graph, node.input(1)).value_or(0)) == 0.5);
      offer(node.output(0));
      const auto live = region.live_outs();
      if (means && roots && live == std::vector<ValueId>{node.output(0)} &&
          same_type(graph, live[0], x))
        best = region.members();
    }
    return best;
  }

  void offer(ValueId value) {
    for (NodeId r : graph.value(value).consumers) open.push({graph.rank(r), r});
  }

  bool may_join(const Node& node) const {
    if (node.outputs.size() != 1 || scene.decisions.group_of(node.id)) return false;
    if (is_row_mean(graph, node)) return node.input(0) == x || made.contains(node.input(0));
    if (!is_elementwise(node)) return false;
    const bool known = std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId in) {
      return !in.valid() || in == x || made.contains(in) || graph.value(in).is_constant();
    });
    return known && (made_from_region(node) || is_square(node));
  }

  /// Other users of x (a residual path) are not part of the norm.
  bool made_from_region(const Node& node) const {
    return std::any_of(node.inputs.begin(), node.inputs.end(),
                       [&](ValueId in) { return made.contains(in); });
  }
  bool is_square(const Node& node) const {
    if (node.is("Mul")) return node.input(0) == x && node.input(1) == x;
    return node.is("Pow") && node.input(0) == x && scalar_of(graph, node.input(1)) == 2.0;
  }

  using Entry = std::pair<int64_t, NodeId>;
  const Scene& scene;
  const Graph& graph;
  ValueId x;
  Region region;
  std::set<ValueId> made;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  int means = 0, roots = 0;
};

}  // namespace

RecognizeLayerNorm::RecognizeLayerNorm()
    : Rule({.name = "RecognizeLayerNorm",
            .law = "(x - mean x) / sqrt(var x + eps) * gamma + beta in one kernel; RMSNorm too",
            .fidelity = Fidelity::kReassociates}) {}

Match RecognizeLayerNorm::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (!is_row_mean(graph, node) || scene.decisions.group_of(id)) return NotHere{};
  NormGrowth growth(scene, normalised_input(graph, node));
  const std::vector<NodeId> members = growth.grow();
  if (growth.roots == 0) return NotHere{};
  const bool inside = std::find(members.begin(), members.end(), id) != members.end();
  KASURI_DECLINE_UNLESS(inside, "a value inside the norm is read elsewhere");
  Region region(scene);
  int means = 0;
  for (NodeId member : members) {
    region.add(member);
    means += graph.node(member).is("ReduceMean");
  }
  return region.form(means > 1 ? "LayerNorm" : "RMSNorm", *this, node);
}

}  // namespace kasuri
