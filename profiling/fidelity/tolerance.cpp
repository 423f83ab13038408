#include "profiling/fidelity/tolerance.h"

#include <algorithm>
#include <cmath>

namespace kasuri::profiling {
namespace {

bool rounds_to_integers(const Node& node) {
  const std::string& op = node.op.name;
  return op.starts_with("QLinear") || op == "QuantizeLinear" || op == "DynamicQuantizeLinear" ||
         op.starts_with("DynamicQuantize");
}

/// One step of 256 that moves, carried through many layers, adds up like a random walk (measured:
/// 0.035 to 0.07 after 66 roundings, from float32 sums of another order alone).
double allowed_after(int64_t roundings) {
  constexpr double kFew = 3e-2, kPerRoot = 9e-3;
  return std::max(kFew, kPerRoot * std::sqrt(static_cast<double>(roundings)));
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
  int64_t roundings = 0;
  for (NodeId id : graph.node_ids()) roundings += rounds_to_integers(graph.node(id));
  if (roundings > 0)
    coarser(allowed_after(roundings), "quantised: sums may round to the next step");
  return chosen;
}

}  // namespace kasuri::profiling
