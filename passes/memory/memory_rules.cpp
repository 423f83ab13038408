#include "passes/memory/memory_rules.h"

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

bool may_overwrite_input(const Node& node) {
  return is_elementwise(node) ||
         is_any_of(node, {"Softmax", "LogSoftmax", "LayerNormalization", "RMSNormalization",
                          "BatchNormalization", "InstanceNormalization", "GroupNormalization"});
}

}  // namespace

ReuseInPlace::ReuseInPlace()
    : Rule({.name = "ReuseInPlace", .law = "y = f(x) may lie where x lay, if x dies there"}) {}

Match ReuseInPlace::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (!may_overwrite_input(node)) return NotHere{};
  Proposal proposal;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const ValueId in = node.inputs[i];
    if (!same_type(graph, in, node.output(0)) || !producer_of(graph, in) || graph.is_output(in))
      continue;
    if (scene.decisions.may_overwrite(id, static_cast<int>(i), 0)) return NotHere{};
    proposal.decisions.push_back(AllowInPlace{id, static_cast<int>(i), 0});
  }
  if (proposal.decisions.empty()) return NotHere{};
  return proposal;
}

Match EnablePlanning::match(const Scene& scene, NodeId) const {
  if (scene.decisions.enabled(option_)) return NotHere{};
  return Proposal{.patch = {}, .decisions = {EnableMemory{option_}}};
}

std::vector<std::shared_ptr<const Rule>> planning_rules() {
  const auto rule = [](std::string name, std::string law, MemoryOption option) {
    return std::make_shared<const EnablePlanning>(
        RuleInfo{.name = std::move(name), .law = std::move(law)}, option);
  };
  return {rule("AliasViews", "a view that moves nothing is the memory it views",
               MemoryOption::kAliasViews),
          rule("ConcatInPlace", "join(f(x), g(y)): f and g write into the join",
               MemoryOption::kConcatInPlace),
          rule("OrderByPeak", "of all orders that respect the edges, one with a low peak",
               MemoryOption::kOrderByPeak),
          rule("ExactPlacement", "offsets by search between lower and upper bound",
               MemoryOption::kExactPlacement)};
}

}  // namespace kasuri
