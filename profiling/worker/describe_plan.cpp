#include "profiling/worker/describe_plan.h"

#include <nlohmann/json.hpp>

#include "engine/plan/dynamic_reason.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

const char* name_of(BufferKind kind) {
  switch (kind) {
    case BufferKind::kArena:
      return "arena";
    case BufferKind::kConstant:
      return "constant";
    case BufferKind::kInput:
      return "input";
    case BufferKind::kOutput:
      return "output";
    case BufferKind::kAlias:
      return "alias";
    case BufferKind::kDynamic:
      return "dynamic";
  }
  return "dynamic";
}

const char* name_of(StepKind kind) {
  switch (kind) {
    case StepKind::kKernel:
      return "kernel";
    case StepKind::kLibrary:
      return "library";
    case StepKind::kCopy:
      return "copy";
    case StepKind::kWait:
      return "wait";
    case StepKind::kControl:
      return "control";
  }
  return "wait";
}

json numbers_of(const std::vector<BufferId>& ids) {
  json out = json::array();
  for (BufferId id : ids)
    out.push_back(id.valid() ? static_cast<int64_t>(id.index()) : int64_t{-1});
  return out;
}

json describe_step(const Plan& plan, const PlanStep& step);

json describe_bodies(const PlanStep& step) {
  json bodies = json::array();
  for (const PlanBody& body : step.bodies) {
    json steps = json::array();
    for (const PlanStep& inner : body.plan->entry().steps)
      steps.push_back(describe_step(*body.plan, inner));
    bodies.push_back({{"name", body.name},
                      {"hash", body.plan->hash().hex()},
                      {"frame_bytes", body.frame_bytes},
                      {"memory", describe_memory(body.plan->entry().memory)},
                      {"steps", std::move(steps)}});
  }
  return bodies;
}

json describe_step(const Plan& plan, const PlanStep& step) {
  const Graph& graph = plan.graph();
  json nodes = json::array();
  for (NodeId id : step.nodes)
    if (graph.contains(id)) nodes.push_back(graph.node(id).name);
  json out = {{"id", step.id.index()},
              {"name", step.name},
              {"op", step.op},
              {"kind", name_of(step.kind)},
              {"group", step.group_kind},
              {"nodes", std::move(nodes)},
              {"sources", step.sources},
              {"inputs", numbers_of(step.inputs)},
              {"outputs", numbers_of(step.outputs)},
              {"bytes_read", step.bytes_read},
              {"bytes_written", step.bytes_written},
              {"flops", step.flops},
              {"backend", step.backend},
              {"reason", step.fallback_reason},
              {"description", step.kernel ? step.kernel->description() : ""},
              {"workspace_bytes", step.workspace_bytes},
              {"workspace_offset", step.workspace_offset},
              {"data_movement", step.is_data_movement},
              {"dynamic", why_dynamic(plan.entry(), step)}};
  if (!step.bodies.empty()) out["bodies"] = describe_bodies(step);
  return out;
}

json describe_buffer(const PlanBuffer& buffer) {
  return {{"id", buffer.id.index()},
          {"name", buffer.name},
          {"bytes", buffer.bytes},
          {"offset", buffer.offset},
          {"first_step", buffer.first_step},
          {"last_step", buffer.last_step},
          {"kind", name_of(buffer.kind)},
          {"alias_of",
           buffer.alias_of.valid() ? static_cast<int64_t>(buffer.alias_of.index()) : int64_t{-1}},
          {"type", buffer.type.text()}};
}

}  // namespace

json describe_memory(const MemorySummary& memory) {
  return {{"weights_bytes", memory.weights_bytes},
          {"packed_weights_bytes", memory.packed_weights_bytes},
          {"arena_bytes", memory.arena_bytes},
          {"arena_lower_bound_bytes", memory.arena_lower_bound_bytes},
          {"arena_no_reuse_bytes", memory.arena_no_reuse_bytes},
          {"workspace_bytes", memory.workspace_bytes},
          {"io_bytes", memory.io_bytes},
          {"live_bytes", memory.live_bytes}};
}

json describe_plan(const Plan& plan) {
  const PlanEntry& entry = plan.entry();
  json steps = json::array(), buffers = json::array();
  int64_t kernels = 0, launches = 0, movements = 0, moved = 0;
  for (const PlanStep& step : entry.steps) {
    steps.push_back(describe_step(plan, step));
    if (step.kind != StepKind::kWait) {
      ++kernels;
      launches += step.kernel ? step.kernel->launches() : 1;
    }
    if (!step.is_data_movement) continue;
    ++movements;
    moved += step.bytes_read + step.bytes_written;
  }
  for (const PlanBuffer& buffer : entry.buffers) buffers.push_back(describe_buffer(buffer));
  return {{"hash", plan.hash().hex()},
          {"entry", entry.name},
          {"kernels", kernels},
          {"launches", launches},
          {"operators", plan.graph().node_count()},
          {"steps", std::move(steps)},
          {"buffers", std::move(buffers)},
          {"memory", describe_memory(entry.memory)},
          {"data_movement", {{"operators", movements}, {"bytes", moved}}}};
}

}  // namespace kasuri::profiling
