#pragma once

#include "engine/plan/partition.h"
#include "engine/plan/plan.h"

namespace kasuri {

/// The member a step is named after: the one with the most work, views last.
NodeId root_of(const Graph& graph, const PlanUnit& unit);
/// "Conv + bias + Relu": the group's kind, or the operators in order, shortened.
std::string operators_of(const Graph& graph, const PlanUnit& unit);
/// Everything two plans must share to do the same work.
Fingerprint fingerprint_of(const Graph& graph, const PlanEntry& entry, int threads);

}  // namespace kasuri
