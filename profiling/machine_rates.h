#pragma once

#include <vector>

#include "engine/base/cancel_token.h"
#include "engine/plan/plan.h"

namespace kasuri::profiling {

/// How fast this machine runs the kinds of steps there are, measured in a few hundred ms with this
/// engine's own kernels.
struct MachineRates {
  double contraction_flops_per_ms = 0;
  double cached_bytes_per_ms = 0;  ///< Data movement within a core's own caches.
  double memory_bytes_per_ms = 0;  ///< Data movement from and to memory.
  double step_ms = 0;              ///< What a step costs besides its work.
};

/// Errors: cancellation, a machine that cannot run the probes.
Result<MachineRates> measure_rates(int threads, const TaskContext& context);

/// Milliseconds a run of the plan should take: for every step the larger of its arithmetic and its
/// traffic (the roofline: Williams, Waterman, Patterson 2009), one after the other. An estimate: it
/// knows nothing of how good a single kernel is.
double estimate_ms(const Plan& plan, const MachineRates& rates);

/// The same of every step of an entry, in run order.
std::vector<double> step_estimates(const PlanEntry& entry, const MachineRates& rates);

}  // namespace kasuri::profiling
