#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/body_times.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

/// Times of every step over instrumented runs, beside un-instrumented runs of the same plan.
struct StepProfile {
  int runs = 0;
  std::vector<std::vector<double>> step_ms;   ///< By step, then run.
  std::vector<std::vector<double>> start_ms;  ///< Start of the step within its run.
  std::vector<double> total_ms;               ///< Instrumented runs.
  std::vector<double> plain_ms;               ///< Runs without an observer, alternating with them.
  BodyTimes bodies;                           ///< By PlanBody (iterations) and PlanStep inside.
  DynamicMemory dynamic;                      ///< As measured in the instrumented runs.
  /// By step, inner ones too: why the library ran it instead of its bodies.
  std::map<const PlanStep*, std::string> misfits;

  /// Instrumented / plain - 1, from medians.
  double overhead() const;
};

/// Warms up with two runs, then alternates plain and instrumented runs.
Result<StepProfile> profile_steps(KasuriSession& session, int runs, const TaskContext& context);

/// The "profile" object of the worker protocol.
nlohmann::json describe_profile(const StepProfile& profile, const Plan& plan);

}  // namespace kasuri::profiling
