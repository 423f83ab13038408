#pragma once

#include "engine/base/result.h"
#include "engine/plan/plan.h"

namespace kasuri {

/// The limit that `asked` means: 0 is what the machine has, and beyond what sums can hold it ends.
int64_t memory_limit_of(int64_t asked);

/// Refuses a graph whose inputs and outputs alone exceed the limit, before anything is compiled.
Status check_interface(const Graph& graph, int64_t limit);
/// Refuses a value or a workspace that alone exceeds the limit, before offsets are planned.
Status check_steps(const Graph& graph, const PlanEntry& entry, int64_t limit);
/// Refuses an entry that exceeds the limit as a whole, and names the step where most of the arena
/// is alive.
Status check_memory(const Graph& graph, const PlanEntry& entry, int64_t limit);

/// Bytes of a run that are known beforehand: arena, inputs and outputs, weights, packed weights.
int64_t planned_bytes(const MemorySummary& memory);

}  // namespace kasuri
