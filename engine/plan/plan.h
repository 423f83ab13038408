#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend/kernel.h"
#include "engine/ir/graph.h"

namespace kasuri {

struct BufferTag;
struct StepTag;
using BufferId = Id<BufferTag>;
using StepId = Id<StepTag>;

enum class MemorySpace : uint8_t { kHost, kPinned, kDevice, kFileMapped };

enum class BufferKind : uint8_t {
  kArena,     ///< Planned: offset in the entry's arena.
  kConstant,  ///< A weight; bytes of the graph's constant (mapped or owned).
  kInput,     ///< Given by the caller.
  kOutput,    ///< Returned to the caller; memory of its own.
  kAlias,     ///< The bytes of another buffer (`alias_of`), from `alias_offset` bytes on.
  kDynamic,   ///< Shape known only at run time: a RuntimeValue made by a library step.
};

/// Where one value lives while the plan runs.
struct PlanBuffer {
  BufferId id;
  BufferKind kind = BufferKind::kArena;
  MemorySpace space = MemorySpace::kHost;
  std::string name;  ///< The graph value's name.
  ValueId value;     ///< none() for plan-made copies.
  ValueType type;
  std::vector<int> axis_order;  ///< Physical order of axes; empty: row-major.
  int64_t bytes = 0;
  int64_t offset = 0;  ///< kArena: in the arena.
  BufferId alias_of;
  int64_t alias_offset = 0;
  int first_step = -1;  ///< Lifetime in step numbers, inclusive; -1: before the first.
  int last_step = -1;
  Tensor constant;  ///< kConstant: undefined once packed by every reader.
};

enum class StepKind : uint8_t { kKernel, kLibrary, kCopy, kWait, kControl };

class Plan;
using PlanPointer = std::shared_ptr<const Plan>;

/// A plan that a step owns and runs any number of times: a branch of If, the body of Loop or Scan.
struct PlanBody {
  std::string name;  ///< The attribute that holds its graph: "body", "then_branch".
  /// Of the body's graph, in which captured constants are constants. Other captures are inputs of
  /// the owning step with the same name (PlanEntry::captures).
  PlanPointer plan;
  int64_t frame_bytes = 0;  ///< Memory of one run (frame_layout.h), in the step's workspace.
};

/// One thing to do, in order. A kernel step runs compiled code on static buffers; a library step
/// calls the reference implementation (data-dependent shapes, sequences); a control step runs the
/// plans it owns (If, Loop, Scan), and the library where values do not fit these plans.
struct PlanStep {
  StepId id;
  StepKind kind = StepKind::kKernel;
  std::string name;                  ///< The root node's name.
  std::string op;                    ///< For people: "Conv + bias + Relu".
  std::string group_kind;            ///< Empty for a node alone.
  std::vector<NodeId> nodes;         ///< Graph nodes it performs (absorbed views included).
  std::vector<std::string> sources;  ///< Names of the source nodes (provenance).
  std::vector<BufferId> inputs, outputs;
  KernelPointer kernel;         ///< null for library steps
  std::string backend;          ///< "cpu/onednn", "cpu/jit", "reference", ...
  std::string fallback_reason;  ///< Why not a faster way; empty when it is the best one.
  int queue = 0;
  int64_t workspace_bytes = 0, workspace_offset = 0;  ///< Workspace lies in the arena too.
  int64_t bytes_read = 0, bytes_written = 0, flops = 0;
  bool is_data_movement = false;  ///< A copy, transpose, reorder, concat, ...
  std::vector<PlanBody> bodies;   ///< kControl: one, or the two branches of If.
};

/// Live bytes while each step runs, and the bounds.
struct MemorySummary {
  int64_t weights_bytes = 0;         ///< Constants the steps still read.
  int64_t packed_weights_bytes = 0;  ///< Kernels' own copies.
  int64_t arena_bytes = 0;           ///< Planned arena, workspace included.
  int64_t arena_lower_bound_bytes = 0;
  int64_t arena_no_reuse_bytes = 0;  ///< Sum of all arena buffers without reuse.
  int64_t workspace_bytes = 0;       ///< Largest workspace of a step.
  int64_t io_bytes = 0;              ///< Inputs and outputs.
  std::vector<int64_t> live_bytes;   ///< Per step: arena bytes alive.
};

/// One way through the model ("main"; prefill, decode, ... later). Immutable.
struct PlanEntry {
  std::string name = "main";
  std::vector<BufferId> inputs, outputs;
  std::vector<std::string> input_names, output_names;
  std::vector<BufferId> captures;   ///< Of a body: values it reads from outside, found by name.
  std::vector<PlanBuffer> buffers;  ///< indexed by BufferId
  std::vector<PlanStep> steps;
  MemorySummary memory;
};

/// Immutable result of planning: entries share weights. Keeps the graph it was made from, because
/// library steps and the profile refer to its nodes.
class Plan {
 public:
  Plan(std::shared_ptr<const Graph> graph, std::vector<PlanEntry> entries, Fingerprint hash)
      : graph_(std::move(graph)), entries_(std::move(entries)), hash_(hash) {}

  const Graph& graph() const { return *graph_; }
  std::shared_ptr<const Graph> shared_graph() const { return graph_; }
  const std::vector<PlanEntry>& entries() const { return entries_; }
  const PlanEntry& entry(size_t i = 0) const { return entries_.at(i); }
  /// Equal hashes do exactly the same work (structure, kernels, schedules, layouts, offsets).
  const Fingerprint& hash() const { return hash_; }

 private:
  std::shared_ptr<const Graph> graph_;
  std::vector<PlanEntry> entries_;
  Fingerprint hash_;
};

}  // namespace kasuri
