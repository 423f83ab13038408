#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/cancel_token.h"
#include "engine/plan/plan.h"
#include "engine/rewrite/plan_decisions.h"

namespace kasuri {

struct PlanOptions {
  int threads = 1;
  int64_t memory_limit = 0;     ///< Bytes of a run; 0: what the machine has.
  bool reference_only = false;  ///< --backend reference: library steps throughout.
  /// Inputs whose memory the plan may write in place, as a state kept from run to run: a decoder's
  /// cache. Who runs the plan gives memory of its own there.
  std::vector<std::string> state_inputs;
  int depth = 0;  ///< How many control-flow nodes enclose the graph.
};

/// Partitions the graph by the decisions, lays out values, compiles one kernel per step (in
/// parallel), orders steps, plans memory. A node no backend compiles becomes a library step of the
/// reference backend with a reason. `decisions` empty = the honest baseline: one kernel per node,
/// views materialised, arena with greedy reuse.
Result<PlanPointer> make_plan(std::shared_ptr<const Graph> graph, const PlanDecisions& decisions,
                              const BackendSet& backends, const PlanOptions& options,
                              const TaskContext& context);

}  // namespace kasuri
