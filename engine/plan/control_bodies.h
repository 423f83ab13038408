#pragma once

#include <vector>

#include "engine/plan/planner.h"

namespace kasuri {

/// Can this operator's bodies have plans of their own (If, Loop, Scan)?
bool owns_plans(const Node& node);

/// Plans the bodies of a control-flow node: captures that are constants become constants, types of
/// values inside are inferred anew (what a file claims about them may be wrong), the memory
/// options of the graph outside hold inside too. Bodies are not optimised: passes change the
/// outermost graph only. Errors, in words for people: why the library must run the node;
/// cancellation.
Result<std::vector<PlanBody>> plan_bodies(const Graph& graph, const Node& node,
                                          const PlanDecisions& decisions,
                                          const BackendSet& backends, const PlanOptions& options,
                                          const TaskContext& context);

}  // namespace kasuri
