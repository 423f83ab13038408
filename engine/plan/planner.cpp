#include "engine/plan/planner.h"

#include <algorithm>

#include "engine/plan/aliasing.h"
#include "engine/plan/buffer_table.h"
#include "engine/plan/memory_check.h"
#include "engine/plan/memory_planner.h"
#include "engine/plan/route.h"
#include "engine/plan/schedule.h"
#include "engine/plan/step_text.h"
#include "engine/plan/work_estimate.h"

namespace kasuri {
namespace {

DraftStep draft_of(const Graph& graph, const RoutedUnit& routed, BufferTable& buffers) {
  DraftStep draft;
  draft.pieces = routed.pieces;
  PlanStep& step = draft.step;
  const PlanUnit& unit = routed.unit;
  step.kind = routed.kind;
  step.name = graph.node(root_of(graph, unit)).name;
  step.op = operators_of(graph, unit);
  step.group_kind = unit.kind;
  step.nodes = unit.members;
  step.kernel = routed.kernel;
  step.backend = routed.backend;
  step.fallback_reason = routed.fallback_reason;
  if (!unit.note.empty())
    step.fallback_reason +=
        (step.fallback_reason.empty() ? "" : "; ") + ("not in one kernel: " + unit.note);
  step.workspace_bytes = step.kernel ? step.kernel->workspace_bytes() : 0;
  step.bodies = routed.bodies;
  for (const PlanBody& body : step.bodies)  // branches of If take turns
    step.workspace_bytes = std::max(step.workspace_bytes, body.frame_bytes);
  step.is_data_movement = true;
  for (NodeId id : unit.members) {
    const Node& node = graph.node(id);
    for (const std::string& source : node.provenance)
      if (std::find(step.sources.begin(), step.sources.end(), source) == step.sources.end())
        step.sources.push_back(source);
    step.flops += flops_of(graph, node);
    step.is_data_movement &= moves_data_only(node);
  }
  for (ValueId id : unit.inputs) {
    step.inputs.push_back(buffers.of(id));
    step.bytes_read += value_bytes(graph, id);
  }
  for (ValueId id : unit.outputs) {
    step.outputs.push_back(buffers.of(id));
    step.bytes_written += value_bytes(graph, id);
  }
  return draft;
}

/// Constants whose every reader keeps its own copy are let go.
void release_absorbed(PlanEntry& entry) {
  std::vector<bool> read(entry.buffers.size(), false);
  const auto mark = [&](BufferId id) {
    read[id.index()] = true;
    if (entry.buffers[id.index()].alias_of.valid())
      read[entry.buffers[id.index()].alias_of.index()] = true;
  };
  for (const PlanStep& step : entry.steps) {
    const std::vector<int> absorbed =
        step.kernel ? step.kernel->absorbed_inputs() : std::vector<int>();
    for (size_t k = 0; k < step.inputs.size(); ++k)
      if (std::find(absorbed.begin(), absorbed.end(), static_cast<int>(k)) == absorbed.end())
        mark(step.inputs[k]);
  }
  for (BufferId id : entry.outputs) mark(id);
  for (PlanBuffer& buffer : entry.buffers)
    if (buffer.kind == BufferKind::kConstant && !read[buffer.id.index()])
      buffer.constant = Tensor();
}

/// Constants of bodies, each once: captured ones are the owning entry's.
void add_weights_of_bodies(const PlanStep& step, MemorySummary& memory) {
  for (const PlanBody& body : step.bodies) {
    const PlanEntry& entry = body.plan->entry();
    memory.packed_weights_bytes += entry.memory.packed_weights_bytes;
    memory.weights_bytes += entry.memory.weights_bytes;
    for (ValueId id : body.plan->graph().captures())
      for (const PlanBuffer& buffer : entry.buffers)
        if (buffer.value == id && buffer.kind == BufferKind::kConstant && buffer.constant.defined())
          memory.weights_bytes -= buffer.bytes;
  }
}

/// Offsets of arena buffers and workspaces, and the summary of it all.
void plan_memory(PlanEntry& entry, bool exact) {
  MemorySummary& memory = entry.memory;
  std::vector<MemoryInterval> intervals;
  std::vector<PlanBuffer*> arena;
  for (PlanBuffer& buffer : entry.buffers) {
    if (buffer.kind == BufferKind::kConstant && buffer.constant.defined())
      memory.weights_bytes += buffer.bytes;
    if (buffer.kind == BufferKind::kInput || buffer.kind == BufferKind::kOutput)
      memory.io_bytes += buffer.bytes;
    if (buffer.kind != BufferKind::kArena) continue;
    intervals.push_back(
        {buffer.bytes, std::max(0, buffer.first_step), std::max(0, buffer.last_step)});
    arena.push_back(&buffer);
  }
  std::vector<PlanStep*> workspaces;
  for (size_t s = 0; s < entry.steps.size(); ++s) {
    PlanStep& step = entry.steps[s];
    if (step.kernel) memory.packed_weights_bytes += step.kernel->packed_bytes();
    add_weights_of_bodies(step, memory);
    if (step.workspace_bytes == 0) continue;
    memory.workspace_bytes = std::max(memory.workspace_bytes, step.workspace_bytes);
    intervals.push_back({step.workspace_bytes, static_cast<int>(s), static_cast<int>(s)});
    workspaces.push_back(&step);
  }
  for (const MemoryInterval& i : intervals) memory.arena_no_reuse_bytes += aligned_bytes(i.bytes);
  const MemoryPlacement placement = place(intervals, {.exact = exact});
  for (size_t k = 0; k < arena.size(); ++k) arena[k]->offset = placement.offsets[k];
  for (size_t k = 0; k < workspaces.size(); ++k)
    workspaces[k]->workspace_offset = placement.offsets[arena.size() + k];
  memory.arena_bytes = placement.total_bytes;
  memory.arena_lower_bound_bytes = placement.lower_bound_bytes;
  memory.live_bytes = live_bytes(intervals, static_cast<int>(entry.steps.size()));
}

void name_interface(const Graph& graph, BufferTable& buffers, PlanEntry& entry) {
  for (ValueId id : graph.inputs()) {
    entry.inputs.push_back(buffers.of(id));
    entry.input_names.push_back(graph.value(id).name);
  }
  for (const GraphOutput& out : graph.outputs()) {
    entry.outputs.push_back(buffers.of(out.value));
    entry.output_names.push_back(out.name);
  }
  for (ValueId id : graph.captures())
    if (!graph.value(id).is_constant()) entry.captures.push_back(buffers.of(id));
}

std::vector<PlanStep> finish_steps(std::vector<DraftStep> drafts) {
  std::vector<PlanStep> steps;
  for (DraftStep& draft : drafts) {
    draft.step.id = StepId(static_cast<uint32_t>(steps.size()));
    steps.push_back(std::move(draft.step));
  }
  return steps;
}

}  // namespace

Result<PlanPointer> make_plan(std::shared_ptr<const Graph> graph, const PlanDecisions& decisions,
                              const BackendSet& backends, const PlanOptions& options,
                              const TaskContext& context) {
  const int64_t limit = memory_limit_of(options.memory_limit);
  KASURI_RETURN_IF_ERROR(check_interface(*graph, limit));
  context.report("Compiling kernels");
  KASURI_TRY(Routing routing, route(*graph, decisions, backends, options, context));
  context.report("Planning memory");
  const bool views = decisions.enabled(MemoryOption::kAliasViews);
  PlanEntry entry;
  BufferTable buffers(*graph, routing.layouts);
  name_interface(*graph, buffers, entry);
  std::vector<DraftStep> drafts;
  for (int u :
       order_units(*graph, routing.units, decisions.enabled(MemoryOption::kOrderByPeak), views))
    drafts.push_back(draft_of(*graph, routing.units[u], buffers));
  if (views) alias_views(drafts, buffers);
  if (decisions.enabled(MemoryOption::kConcatInPlace)) alias_concats(drafts, buffers);
  alias_in_place(*graph, decisions, drafts, buffers);
  alias_states(options.state_inputs, drafts, buffers);
  KASURI_RETURN_IF_ERROR(context.cancel.check());
  entry.steps = finish_steps(std::move(drafts));
  buffers.set_lifetimes(entry.steps);
  entry.buffers = std::move(buffers).flatten();
  release_absorbed(entry);
  KASURI_RETURN_IF_ERROR(check_steps(*graph, entry, limit));
  plan_memory(entry, decisions.enabled(MemoryOption::kExactPlacement));
  KASURI_RETURN_IF_ERROR(check_memory(*graph, entry, limit));
  const Fingerprint hash = fingerprint_of(*graph, entry, options.threads);
  std::vector<PlanEntry> entries;
  entries.push_back(std::move(entry));
  return std::make_shared<const Plan>(std::move(graph), std::move(entries), hash);
}

}  // namespace kasuri
