#include "passes/fold/infer_types.h"

#include <algorithm>

#include "engine/ir/shape_inference.h"
#include "engine/rewrite/pattern.h"

namespace kasuri {

InferTypes::InferTypes()
    : Rule({.name = "InferTypes", .law = "type(f(x)) follows from f and type(x)", .quiet = true}) {}

Match InferTypes::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  const bool known = std::all_of(node.outputs.begin(), node.outputs.end(), [&](ValueId out) {
    return !out.valid() || graph.value(out).type.is_static_tensor();
  });
  if (known || !is_known_operator(node.op)) return NotHere{};
  const auto types = infer_types(graph, node);
  if (!types.ok()) return Declined{types.error().text()};
  GraphPatch patch(graph, "types");
  for (size_t i = 0; i < node.outputs.size() && i < types->size(); ++i) {
    if (!node.outputs[i].valid()) continue;
    const Value& v = graph.value(node.outputs[i]);
    ValueType merged = merge_types((*types)[i], v.type);
    if (!(merged == v.type)) patch.set_type(v.id, std::move(merged));
  }
  if (patch.empty()) return NotHere{};
  return Proposal{.patch = std::move(patch)};
}

}  // namespace kasuri
