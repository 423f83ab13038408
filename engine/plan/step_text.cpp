#include "engine/plan/step_text.h"

#include "engine/ir/attribute_hash.h"
#include "engine/plan/work_estimate.h"

namespace kasuri {

NodeId root_of(const Graph& graph, const PlanUnit& unit) {
  NodeId best = unit.members.back();
  int64_t most = -1;
  for (NodeId id : unit.members) {
    const Node& node = graph.node(id);
    const int64_t work = moves_data_only(node) ? -1 : flops_of(graph, node);
    if (work > most) {
      most = work;
      best = id;
    }
  }
  return best;
}

std::string operators_of(const Graph& graph, const PlanUnit& unit) {
  if (!unit.kind.empty()) return unit.kind;
  constexpr size_t kShown = 4;
  std::string text;
  for (size_t k = 0; k < unit.members.size() && k < kShown; ++k)
    text += (k > 0 ? " + " : "") + graph.node(unit.members[k]).op.text();
  if (unit.members.size() > kShown)
    text += " + " + std::to_string(unit.members.size() - kShown) + " more";
  return text;
}

Fingerprint fingerprint_of(const Graph& graph, const PlanEntry& entry, int threads) {
  FingerprintBuilder b;
  b.add(static_cast<uint64_t>(threads)).add(entry.name);
  for (const PlanBuffer& buffer : entry.buffers) {
    b.add(static_cast<uint64_t>(buffer.kind)).add(buffer.type.text());
    b.add(static_cast<uint64_t>(buffer.offset)).add(static_cast<uint64_t>(buffer.alias_offset));
    b.add(buffer.alias_of.valid() ? uint64_t{buffer.alias_of.index()} : UINT64_MAX);
    for (int axis : buffer.axis_order) b.add(static_cast<uint64_t>(axis));
  }
  for (const PlanStep& step : entry.steps) {
    b.add(static_cast<uint64_t>(step.kind)).add(step.backend).add(step.op);
    if (step.kernel) b.add(step.kernel->description());
    for (const PlanBody& body : step.bodies)
      b.add(body.name).add(body.plan->hash().low).add(body.plan->hash().high);
    b.add(static_cast<uint64_t>(step.workspace_bytes))
        .add(static_cast<uint64_t>(step.workspace_offset));
    for (BufferId id : step.inputs) b.add(uint64_t{id.index()});
    for (BufferId id : step.outputs) b.add(uint64_t{id.index()});
    for (NodeId id : step.nodes) {
      const Node& node = graph.node(id);
      b.add(node.op.text()).add(static_cast<uint64_t>(node.opset));
      for (const auto& [name, attribute] : node.attributes) add_to(b.add(name), attribute);
    }
  }
  return b.finish();
}

}  // namespace kasuri
