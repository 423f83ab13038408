#include "engine/plan/decisions_codec.h"

namespace kasuri {
namespace {

constexpr MemoryOption kOptions[] = {MemoryOption::kAliasViews, MemoryOption::kOrderByPeak,
                                     MemoryOption::kConcatInPlace, MemoryOption::kExactPlacement};

void write_ids(ByteWriter& out, const GraphNumbers& numbers, const std::vector<NodeId>& ids) {
  out.number(ids.size());
  for (NodeId id : ids) out.number(numbers.of(id));
}

std::vector<NodeId> read_ids(ByteReader& in, size_t nodes) {
  std::vector<NodeId> ids;
  const size_t count = in.count();
  for (size_t k = 0; k < count && in.ok(); ++k)
    ids.push_back(NodeId(static_cast<uint32_t>(in.below(nodes))));
  return ids;
}

std::vector<AllowInPlace> in_place_of(const Graph& graph, const GraphNumbers& numbers,
                                      const PlanDecisions& decisions) {
  std::vector<AllowInPlace> allowed;
  for (NodeId id : numbers.nodes) {
    const Node& node = graph.node(id);
    for (size_t i = 0; i < node.inputs.size(); ++i)
      for (size_t o = 0; o < node.outputs.size(); ++o)
        if (decisions.may_overwrite(id, static_cast<int>(i), static_cast<int>(o)))
          allowed.push_back({id, static_cast<int>(i), static_cast<int>(o)});
  }
  return allowed;
}

/// A decision the file should not hold is the file's fault.
Status accept(PlanDecisions& decisions, PlanDecision decision) {
  Status status = decisions.apply(std::move(decision));
  if (!status.ok()) return Error("the decisions in the plan contradict: " + status.error().text());
  return ok_status();
}

Status read_groups(ByteReader& in, const Graph& graph, PlanDecisions& decisions) {
  const size_t groups = in.count();
  for (size_t k = 0; k < groups && in.ok(); ++k) {
    Group group;
    group.id = decisions.next_group_id();
    group.kind = in.text();
    group.rule = in.text();
    group.site = in.text();
    group.nodes = read_ids(in, graph.node_count());
    group.absorbed = read_ids(in, graph.node_count());
    if (!in.ok()) break;
    KASURI_RETURN_IF_ERROR(accept(decisions, FormGroup{std::move(group), {}}));
  }
  return ok_status();
}

Status read_layouts(ByteReader& in, const Graph& graph, PlanDecisions& decisions) {
  const size_t layouts = in.count();
  for (size_t k = 0; k < layouts && in.ok(); ++k) {
    SetLayout layout{ValueId(static_cast<uint32_t>(in.below(graph.value_capacity()))), {}};
    const size_t rank = in.count();
    for (size_t a = 0; a < rank && in.ok(); ++a)
      layout.axis_order.push_back(static_cast<int>(in.below(rank)));
    if (!in.ok()) break;
    KASURI_RETURN_IF_ERROR(accept(decisions, std::move(layout)));
  }
  return ok_status();
}

Status read_in_place(ByteReader& in, const Graph& graph, PlanDecisions& decisions) {
  const size_t count = in.count();
  constexpr uint64_t kMostOperands = 1 << 20;
  for (size_t k = 0; k < count && in.ok(); ++k) {
    AllowInPlace allow;
    allow.node = NodeId(static_cast<uint32_t>(in.below(graph.node_count())));
    allow.input = static_cast<int>(in.below(kMostOperands));
    allow.output = static_cast<int>(in.below(kMostOperands));
    if (!in.ok()) break;
    KASURI_RETURN_IF_ERROR(accept(decisions, allow));
  }
  return ok_status();
}

}  // namespace

void write_decisions(ByteWriter& out, const Graph& graph, const GraphNumbers& numbers,
                     const PlanDecisions& decisions) {
  const std::vector<const Group*> groups = decisions.groups();
  out.number(groups.size());
  for (const Group* group : groups) {
    out.text(group->kind);
    out.text(group->rule);
    out.text(group->site);
    write_ids(out, numbers, group->nodes);
    write_ids(out, numbers, group->absorbed);
  }
  std::vector<std::pair<ValueId, std::vector<int>>> layouts;
  for (ValueId id : numbers.values)
    if (const auto order = decisions.layout_of(id)) layouts.emplace_back(id, *order);
  out.number(layouts.size());
  for (const auto& [id, order] : layouts) {
    out.number(numbers.of(id));
    out.number(order.size());
    for (int axis : order) out.signed_number(axis);
  }
  const std::vector<AllowInPlace> allowed = in_place_of(graph, numbers, decisions);
  out.number(allowed.size());
  for (const AllowInPlace& allow : allowed) {
    out.number(numbers.of(allow.node));
    out.signed_number(allow.input);
    out.signed_number(allow.output);
  }
  for (MemoryOption option : kOptions) out.number(decisions.enabled(option));
}

Result<PlanDecisions> read_decisions(ByteReader& in, const Graph& graph) {
  PlanDecisions decisions;
  KASURI_RETURN_IF_ERROR(read_groups(in, graph, decisions));
  KASURI_RETURN_IF_ERROR(read_layouts(in, graph, decisions));
  KASURI_RETURN_IF_ERROR(read_in_place(in, graph, decisions));
  for (MemoryOption option : kOptions)
    if (in.below(2) == 1) KASURI_RETURN_IF_ERROR(accept(decisions, EnableMemory{option}));
  if (!in.ok()) return Error("the decisions in the plan are malformed");
  return decisions;
}

}  // namespace kasuri
