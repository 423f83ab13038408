#include "passes/fuse/stitch_memory_bound.h"

#include <algorithm>
#include <set>

#include "engine/rewrite/pattern.h"
#include "passes/fuse/region.h"
#include "passes/fuse/row_shape.h"

namespace kasuri {
namespace {

constexpr size_t kMostMembers = 24, kMostInputs = 24, kMostOutputs = 2;
constexpr int64_t kMostRowBytes = 256 << 10;

std::vector<NodeId> unit_of(const Scene& scene, NodeId id) {
  const Group* group = scene.decisions.group_of(id);
  return group ? group->nodes : std::vector<NodeId>{id};
}

/// All members are nests of maps and row reductions?
bool is_memory_bound(const Scene& scene, const std::vector<NodeId>& unit) {
  return std::all_of(unit.begin(), unit.end(), [&](NodeId id) {
    const Node& n = scene.graph.node(id);
    return (is_elementwise(n) || converts_codes(n) || is_row_operation(scene.graph, n)) &&
           n.outputs.size() >= 1 && !scene.services.legality.why_no_nest(scene.graph, n);
  });
}

/// Is everything the unit gives away read by `others` only?
bool feeds_only(const Scene& scene, const std::vector<NodeId>& unit,
                const std::vector<NodeId>& others) {
  const std::set<NodeId> own(unit.begin(), unit.end()), allowed(others.begin(), others.end());
  for (NodeId id : unit)
    for (ValueId out : scene.graph.node(id).outputs) {
      if (!out.valid()) continue;
      if (scene.graph.is_output(out)) return false;
      for (NodeId r : scene.graph.value(out).consumers)
        if (!own.contains(r) && !allowed.contains(r)) return false;
    }
  return true;
}

std::string joined_kind(const Scene& scene, const std::vector<NodeId>& first,
                        const std::vector<NodeId>& second) {
  const auto name = [&](const std::vector<NodeId>& unit) {
    const Group* group = scene.decisions.group_of(unit[0]);
    return group ? group->kind : scene.graph.node(unit[0]).op.name;
  };
  const std::string text = name(first) + " + " + name(second);
  constexpr size_t kLongestKind = 60;
  if (text.size() <= kLongestKind) return text;
  return "stitch of " + std::to_string(first.size() + second.size());
}

}  // namespace

StitchMemoryBound::StitchMemoryBound()
    : Rule({.name = "StitchMemoryBound",
            .law = "g(f(x)) of memory-bound f, g on the same rows = one kernel",
            .fidelity = Fidelity::kReassociates}) {}

Match StitchMemoryBound::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (!is_elementwise(node) && !converts_codes(node) && !is_row_operation(graph, node))
    return NotHere{};
  const std::vector<NodeId> unit = unit_of(scene, id);
  if (unit.front() != id || !is_memory_bound(scene, unit)) return NotHere{};
  std::optional<Declined> reason;
  const auto note = [&](std::string text) {
    if (!reason) reason = Declined{std::move(text)};
  };
  std::set<NodeId> tried;
  for (NodeId member : unit)
    for (ValueId in : graph.node(member).inputs) {
      const Node* p = producer_of(graph, in);
      if (!p || std::find(unit.begin(), unit.end(), p->id) != unit.end()) continue;
      const std::vector<NodeId> source = unit_of(scene, p->id);
      if (!tried.insert(source.front()).second || !is_memory_bound(scene, source)) continue;
      Region region(scene);
      for (const auto& part : {source, unit})
        for (NodeId n : part) {
          if (const Group* group = scene.decisions.group_of(n)) region.add(*group);
          region.add(n);
        }
      const auto rows = common_rows(graph, region.members());
      if (!rows)
        note("they work on different rows");
      else if (!feeds_only(scene, source, unit))
        note("the value in between is read elsewhere");
      else if (region.size() > kMostMembers)
        note("the kernel would grow too large");
      else if (region.live_ins().size() > kMostInputs)
        note("the kernel would read too many values");
      else if (region.live_outs().size() > kMostOutputs)
        note("the kernel would write too many values");
      else if (rows->bytes * static_cast<int64_t>(region.size()) > kMostRowBytes && rows->reduces)
        note("the rows are too long to stay in cache");
      else if (const CostModel& cost = scene.services.cost_model;
               cost.kernel_ns(graph, region.members()) >=
               cost.kernel_ns(graph, source) + cost.kernel_ns(graph, unit))
        note("one kernel would not be faster");
      else {
        Match formed =
            region.form(joined_kind(scene, source, unit), *this, graph.node(source.front()));
        if (std::holds_alternative<Proposal>(formed)) return formed;
        note(std::get<Declined>(formed).reason);
      }
    }
  if (reason) return *reason;
  return NotHere{};
}

}  // namespace kasuri
