#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/pass_effects.h"

namespace kasuri::profiling {

/// Looks for a better recipe than `effects.side.passes` within a time: switches single passes (of
/// effects.passes and `more`) off and on, starting from the recipe, as long as that helps. Each
/// trial is screened with a few runs in one live worker (a trial 5 times slower than the best is
/// stopped after one run); the Pareto front of latency against arena is then confirmed in
/// interleaved blocks against the recipe. Trials whose outputs are wrong are shown and never win.
///   {"budget_s", "seconds", "from", "best", "why",
///    "trials": [{recipe, ms, arena_bytes, kernels, outputs: right | wrong, stopped, pareto,
///                confirmed: null | {ratio, low, high, verdict}}]}
/// `best` is the recipe itself unless a confirmed one is faster, or as fast in less memory. Errors:
/// a worker that dies, cancellation.
struct SearchRequest {
  EffectRequest effects;
  std::vector<std::string> more;  ///< Passes off in the recipe that may be tried.
  double budget_seconds = 60;
};
Result<nlohmann::json> search_recipe(const SearchRequest& request, const TaskContext& context);

}  // namespace kasuri::profiling
