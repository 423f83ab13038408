#include "passes/fuse/fuse_contraction_epilogue.h"

#include <algorithm>
#include <queue>

#include "engine/rewrite/pattern.h"
#include "passes/fuse/region.h"

namespace kasuri {
namespace {

constexpr size_t kMostMembers = 24;
constexpr size_t kMostInputs = 12;
constexpr size_t kMostSearched = 256;

/// Words for the steps behind the contraction: "Conv + bias + Swish + residual".
std::string describe(const Graph& graph, const Node& root, const std::vector<NodeId>& members) {
  const auto has = [&](std::string_view op) {
    return std::any_of(members.begin(), members.end(),
                       [&](NodeId id) { return graph.node(id).is(op); });
  };
  std::string gate;
  if (has("Mul")) gate = has("Erf") ? "GELU" : has("Tanh") ? "GELU" : has("Sigmoid") ? "Swish" : "";
  if (gate.empty() && has("Mul") && has("HardSigmoid")) gate = "HardSwish";
  std::string text = root.op.name;
  std::vector<std::string> words;
  for (NodeId id : members) {
    const Node& n = graph.node(id);
    if (n.id == root.id) continue;
    std::string word = n.op.name;
    const bool scalar = std::any_of(n.inputs.begin(), n.inputs.end(),
                                    [&](ValueId in) { return scalar_of(graph, in).has_value(); });
    const bool constant = std::any_of(n.inputs.begin(), n.inputs.end(), [&](ValueId in) {
      return in.valid() && graph.value(in).is_constant();
    });
    if (n.is("Add")) word = scalar ? "Add" : constant ? "bias" : "residual";
    const bool part = is_any_of(n, {"Erf", "Tanh", "Sigmoid", "HardSigmoid", "Pow"}) ||
                      (is_any_of(n, {"Mul", "Div"}) && !(constant && !scalar)) ||
                      (n.is("Add") && scalar);
    if (!gate.empty() && part) word = gate;
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  for (const std::string& word : words) text += " + " + word;
  return text;
}

/// Grows behind a contraction and remembers each stage at which only one value leaves.
class EpilogueGrowth {
 public:
  EpilogueGrowth(const Scene& scene, const Node& root)
      : scene_(scene), graph_(scene.graph), root_(root), region_(scene) {
    region_.add(root.id);
    offer(root);
  }

  /// Member lists, shortest first.
  const std::vector<std::vector<NodeId>>& closed_stages() {
    while (!open_.empty() && region_.size() < kMostMembers) {
      const Node& node = graph_.node(open_.top().second);
      open_.pop();
      if (region_.contains(node.id) || !may_join(node)) continue;
      region_.add(node.id);
      offer(node);
      if (region_.live_ins().size() > kMostInputs) break;
      if (region_.live_outs() == std::vector<ValueId>{node.output(0)})
        stages_.push_back(region_.members());
    }
    return stages_;
  }

  const std::string& first_obstacle() const { return obstacle_; }

 private:
  void offer(const Node& node) {
    for (NodeId reader : graph_.value(node.output(0)).consumers)
      open_.push({graph_.rank(reader), reader});
  }

  bool may_join(const Node& node) {
    if (!is_elementwise(node) || node.outputs.size() != 1) return false;
    if (scene_.decisions.group_of(node.id))
      return refuse("the next step belongs to another kernel");
    if (!same_type(graph_, node.output(0), root_.output(0)))
      return refuse("the next step changes type or shape");
    for (ValueId in : node.inputs) {
      if (!in.valid()) continue;
      const Node* p = producer_of(graph_, in);
      if (!p || region_.contains(p->id) || graph_.rank(p->id) < graph_.rank(root_.id)) continue;
      if (same_type(graph_, in, root_.output(0)) || !is_independent(*p))
        return refuse("the other operand of '" + node.name + "' is computed later");
    }
    return true;
  }

  /// Does the operand's computation stay clear of the region? Searched back to the root's rank.
  bool is_independent(const Node& producer) const {
    std::set<NodeId> seen{producer.id};
    std::vector<NodeId> open{producer.id};
    while (!open.empty()) {
      const Node& node = graph_.node(open.back());
      open.pop_back();
      if (region_.contains(node.id) || seen.size() > kMostSearched) return false;
      std::vector<ValueId> read = captured_values(graph_, node);
      read.insert(read.end(), node.inputs.begin(), node.inputs.end());
      for (ValueId in : read) {
        const Node* p = producer_of(graph_, in);
        if (p && graph_.rank(p->id) >= graph_.rank(root_.id) && seen.insert(p->id).second)
          open.push_back(p->id);
      }
    }
    return true;
  }

  bool refuse(std::string reason) {
    if (obstacle_.empty()) obstacle_ = std::move(reason);
    return false;
  }

  using Entry = std::pair<int64_t, NodeId>;
  const Scene& scene_;
  const Graph& graph_;
  const Node& root_;
  Region region_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open_;
  std::vector<std::vector<NodeId>> stages_;
  std::string obstacle_;
};

}  // namespace

FuseContractionEpilogue::FuseContractionEpilogue()
    : Rule({.name = "FuseContractionEpilogue",
            .law = "e(x . W) elementwise in e = one kernel that applies e before it stores",
            .fidelity = Fidelity::kReassociates}) {}

Match FuseContractionEpilogue::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& root = graph.node(id);
  if (!is_contraction(root) || scene.decisions.group_of(id)) return NotHere{};
  EpilogueGrowth growth(scene, root);
  const auto& stages = growth.closed_stages();
  if (stages.empty() && growth.first_obstacle().empty()) return NotHere{};
  if (stages.empty()) return Declined{growth.first_obstacle()};
  Match last = NotHere{};
  for (auto stage = stages.rbegin(); stage != stages.rend(); ++stage) {
    Region region(scene);
    for (NodeId member : *stage) region.add(member);
    last = region.form(describe(graph, root, *stage), *this, root);
    if (std::holds_alternative<Proposal>(last)) return last;
  }
  return last;
}

}  // namespace kasuri
