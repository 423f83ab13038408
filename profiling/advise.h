#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

/// What an hour of this work costs and how much of it there is; for the payback.
struct WorkLoad {
  double queries_per_day = 0;
  double machines = 0;  ///< That run all day, busy or not; 0: machine hours are paid as used.
  double cost_per_machine_hour = 0;
  double effort_hours = 0;  ///< To adopt the optimised model.
  double cost_per_effort_hour = 0;
};

struct AdviceRequest {
  std::string recipe = "default";
  PlanRequest plan;
  std::optional<WorkLoad> load;
};

/// Is a measurement worth its time? Plans every prefix of the recipe's passes and estimates each:
///   {"rates", "original": {estimate_ms, arena_bytes, kernels, plan_hash, step_ms: a list in run
///    order} (no passes at all), "before": {same} (the recipe without its passes), "after": {same},
///    "passes": [{name, applied, declined, estimate_ms, arena_bytes, kernels}] (differences),
///    "advice": "go" | "no-go", "why", "payback": null | {saved_per_day, effort, days | null}}
/// Times are estimates (machine_rates.h); arena and kernels are those of the plans themselves.
/// Errors: those of opening a plan file, of planning, cancellation.
Result<nlohmann::json> advise(KasuriSession& session, const AdviceRequest& request,
                              const TaskContext& context);

/// Payback of `before_ms` -> `after_ms`: {machine_hours_saved_per_day, machines_before,
/// machines_after, saved_per_day, effort, days}: saved cost per day and the days until the effort
/// is paid, null where nothing is saved. With machines that run all day, whole machines are saved.
nlohmann::json payback(const WorkLoad& load, double before_ms, double after_ms);

}  // namespace kasuri::profiling
