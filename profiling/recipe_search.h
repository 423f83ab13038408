#pragma once

#include <functional>
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
///   {"budget_s", "seconds", "from", "best", "why", "partial", "out_of_time",
///    "trials": [{recipe, ms, arena_bytes, kernels, outputs: right | wrong, stopped, pareto,
///                error: "" | why it could not run, confirmed: null | {ratio, low, high,
///                verdict}}]}
/// `best` is the recipe itself unless a confirmed one is faster, or as fast in less memory. A trial
/// that cannot be planned or whose worker dies is listed with its error. Cancelled after a first
/// trial, what was found stays and is partial. Errors: the recipe itself does not run, cancellation
/// before that.
struct SearchRequest {
  EffectRequest effects;
  std::vector<std::string> more;  ///< Passes off in the recipe that may be tried.
  double budget_seconds = 60;
  /// Sees a trial (as in "trials") when it is new and whenever something of it changes.
  std::function<void(const nlohmann::json& trial)> on_trial;
};
Result<nlohmann::json> search_recipe(const SearchRequest& request, const TaskContext& context);

}  // namespace kasuri::profiling
