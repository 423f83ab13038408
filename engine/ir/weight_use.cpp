#include "engine/ir/weight_use.h"

namespace kasuri {
namespace {

void collect(const Graph& graph, std::map<std::string, WeightUse>& uses) {
  for (NodeId id : graph.topological_order()) {
    const Node& node = graph.node(id);
    for (size_t i = 0; i < node.inputs.size(); ++i)
      if (node.inputs[i].valid())
        if (const WeightUse use = weight_use(node, i); use != WeightUse::kOther)
          uses.emplace(graph.value(node.inputs[i]).name, use);
    for (const auto& [name, attribute] : node.attributes) {
      if (const auto* body = std::get_if<GraphPointer>(&attribute)) collect(**body, uses);
      if (const auto* bodies = std::get_if<std::vector<GraphPointer>>(&attribute))
        for (const GraphPointer& body : *bodies) collect(*body, uses);
    }
  }
}

}  // namespace

WeightUse weight_use(const Node& node, size_t input) {
  const bool matrix = node.is("MatMul") || (node.is("Gemm") && node.get_int("transB", 0) == 0);
  if (matrix && input == 1) return WeightUse::kMatrix;
  return node.is("Gather") && input == 0 ? WeightUse::kEmbedding : WeightUse::kOther;
}

std::map<std::string, WeightUse> weight_uses(const Graph& graph) {
  std::map<std::string, WeightUse> uses;
  collect(graph, uses);
  return uses;
}

}  // namespace kasuri
