#include "engine/plan/memory_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/memory_use.h"
#include "engine/ir/extent_limits.h"
#include "engine/plan/work_estimate.h"

namespace kasuri {
namespace {

/// Sums of 2^19 buffers of this size stay within int64.
constexpr int64_t kLargestLimit = int64_t{1} << 43;

std::string describe(const Node& node) {
  return fmt::format("node '{}' ({}, opset {})", node.name, node.op.text(), node.opset);
}

/// What makes a value, for people.
std::string maker_of(const Graph& graph, const Value& value) {
  if (!value.producer.valid()) return fmt::format("input '{}'", value.name);
  return fmt::format("output '{}' of {}", value.name, describe(graph.node(value.producer)));
}

Status check_value(const Graph& graph, ValueId id, int64_t limit) {
  const Value& value = graph.value(id);
  if (value.constant || !value.type.is_static_tensor()) return Done{};
  if (!are_possible(*extents_of(*value.type.shape)))
    return Error(fmt::format("{} would be {}, which no tensor can be", maker_of(graph, value),
                             value.type.text()));
  const int64_t bytes = value_bytes(graph, id);
  if (bytes <= limit) return Done{};
  return Error::unavailable(
      fmt::format("{} is {} and needs {} bytes, the limit is {} (--memory-limit sets another)",
                  maker_of(graph, value), value.type.text(), bytes, limit));
}

const PlanStep* peak_of(const PlanEntry& entry) {
  const auto& live = entry.memory.live_bytes;
  const auto peak = std::max_element(live.begin(), live.end());
  if (peak == live.end()) return nullptr;
  return &entry.steps[static_cast<size_t>(peak - live.begin())];
}

}  // namespace

int64_t memory_limit_of(int64_t asked) {
  return std::min(asked > 0 ? asked : default_memory_limit(), kLargestLimit);
}

Status check_interface(const Graph& graph, int64_t limit) {
  for (ValueId id : graph.inputs()) KASURI_RETURN_IF_ERROR(check_value(graph, id, limit));
  for (const GraphOutput& output : graph.outputs())
    KASURI_RETURN_IF_ERROR(check_value(graph, output.value, limit));
  return Done{};
}

Status check_steps(const Graph& graph, const PlanEntry& entry, int64_t limit) {
  for (const PlanBuffer& buffer : entry.buffers)
    if (buffer.value.valid() && buffer.kind != BufferKind::kDynamic)
      KASURI_RETURN_IF_ERROR(check_value(graph, buffer.value, limit));
  for (const PlanStep& step : entry.steps)
    if (step.workspace_bytes > limit)
      return Error::unavailable(fmt::format("{} needs {} bytes of workspace, the limit is {}",
                                            describe(graph.node(step.nodes.at(0))),
                                            step.workspace_bytes, limit));
  return Done{};
}

int64_t planned_bytes(const MemorySummary& memory) {
  return memory.arena_bytes + memory.io_bytes + memory.weights_bytes + memory.packed_weights_bytes;
}

Status check_memory(const Graph& graph, const PlanEntry& entry, int64_t limit) {
  const MemorySummary& memory = entry.memory;
  const int64_t bytes = planned_bytes(memory);
  if (bytes <= limit) return Done{};
  const PlanStep* peak = peak_of(entry);
  const std::string where =
      peak != nullptr && !peak->nodes.empty() && memory.arena_bytes > 0
          ? fmt::format(" at its peak, {}", describe(graph.node(peak->nodes.at(0))))
          : "";
  return Error::unavailable(fmt::format(
      "a run needs {} bytes, the limit is {} (--memory-limit sets another): arena {}{}; inputs and "
      "outputs {}; weights {}, packed {}",
      bytes, limit, memory.arena_bytes, where, memory.io_bytes, memory.weights_bytes,
      memory.packed_weights_bytes));
}

}  // namespace kasuri
