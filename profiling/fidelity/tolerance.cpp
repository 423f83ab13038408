#include "profiling/fidelity/tolerance.h"

namespace kasuri::profiling {
namespace {

bool rounds_to_integers(const Node& node) {
  const std::string& op = node.op.name;
  return op.starts_with("QLinear") || op == "QuantizeLinear" || op == "DynamicQuantizeLinear" ||
         op.starts_with("DynamicQuantize");
}

}  // namespace

Tolerance tolerance_for(const Graph& graph) {
  Tolerance chosen;
  const auto coarser = [&](double relative, const char* why) {
    if (relative > chosen.relative) chosen = {relative, 1e-6, why};
  };
  for (ValueId id : graph.value_ids()) {
    switch (graph.value(id).type.dtype) {
      case DataType::kFloat16:
        coarser(5e-3, "float16 arithmetic");
        break;
      case DataType::kBfloat16:
        coarser(4e-2, "bfloat16 arithmetic");
        break;
      case DataType::kFloat8E4M3FN:
      case DataType::kFloat8E5M2:
        coarser(1e-1, "float8 arithmetic");
        break;
      default:
        break;
    }
  }
  for (NodeId id : graph.node_ids())
    if (rounds_to_integers(graph.node(id)))
      coarser(3e-2, "quantised: a sum may round to the next step");
  return chosen;
}

}  // namespace kasuri::profiling
