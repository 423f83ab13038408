#include "profiling/advise.h"

#include <fmt/format.h>

#include <cmath>

#include <nlohmann/json.hpp>

#include "passes/optimize.h"
#include "profiling/leave_out.h"
#include "profiling/machine_rates.h"
#include "profiling/worker/describe_rewrite.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kWorthIt = 0.05, kMsPerHour = 3.6e6;

struct Estimate {
  double ms = 0;
  int64_t arena_bytes = 0, kernels = 0;
  std::string plan_hash;
  std::vector<double> step_ms;  ///< In run order.

  json text() const {
    return {{"estimate_ms", ms},
            {"arena_bytes", arena_bytes},
            {"kernels", kernels},
            {"plan_hash", plan_hash},
            {"step_ms", step_ms}};
  }
};

Result<Estimate> estimate(KasuriSession& session, const std::string& recipe,
                          const AdviceRequest& request, const MachineRates& rates,
                          const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(session.optimize(recipe, context));
  KASURI_RETURN_IF_ERROR(session.make_plan(request.plan, context));
  const PlanEntry& entry = session.plan().entries().front();
  return Estimate{estimate_ms(session.plan(), rates), entry.memory.arena_bytes,
                  static_cast<int64_t>(entry.steps.size()), session.plan().hash().hex(),
                  step_estimates(entry, rates)};
}

/// Passes of the recipe that can be switched, in run order, as described.
json switched_passes(const json& passes) {
  json switched = json::array();
  for (const json& pass : passes)
    if (!pass["always_on"].get<bool>() && pass["enabled"].get<bool>()) switched.push_back(pass);
  return switched;
}

bool works(const json& pass) { return pass["applied"].get<int>() > 0; }

json described_rates(const MachineRates& rates) {
  return {{"contraction_gflops", rates.contraction_flops_per_ms / 1e6},
          {"cached_gb_per_s", rates.cached_bytes_per_ms / 1e6},
          {"memory_gb_per_s", rates.memory_bytes_per_ms / 1e6},
          {"step_us", rates.step_ms * 1e3}};
}

void conclude(json& out) {
  const double before = out["before"]["estimate_ms"], after = out["after"]["estimate_ms"];
  const auto arena_before = out["before"]["arena_bytes"].get<double>();
  const auto arena_after = out["after"]["arena_bytes"].get<double>();
  const double time = 1 - after / before;
  const double memory = arena_before > 0 ? 1 - arena_after / arena_before : 0;
  const bool go = time >= kWorthIt || memory >= kWorthIt;
  out["advice"] = go ? "go" : "no-go";
  out["why"] = go ? fmt::format(
                        "about {:.0f} % less time and {:.0f} % less arena to expect; "
                        "measure it with 'kasuri compare'",
                        std::max(0.0, time) * 100, std::max(0.0, memory) * 100)
                  : "neither time nor memory promises 5 %: this model is bound by single kernels "
                    "that the recipe leaves as they are";
}

}  // namespace

json payback(const WorkLoad& load, double before_ms, double after_ms) {
  constexpr double kHoursPerDay = 24;
  double hours_saved = load.queries_per_day * (before_ms - after_ms) / kMsPerHour;
  json out = {{"machines_before", nullptr}, {"machines_after", nullptr}};
  if (load.machines > 0) {
    const double after = std::ceil(load.machines * after_ms / before_ms - 1e-9);
    hours_saved = (load.machines - after) * kHoursPerDay;
    out["machines_before"] = load.machines;
    out["machines_after"] = after;
  }
  const double saved = hours_saved * load.cost_per_machine_hour;
  const double effort = load.effort_hours * load.cost_per_effort_hour;
  out["machine_hours_saved_per_day"] = hours_saved;
  out["saved_per_day"] = saved;
  out["effort"] = effort;
  out["days"] = saved > 0 ? json(effort / saved) : json();
  return out;
}

Result<json> advise(KasuriSession& session, const AdviceRequest& request,
                    const TaskContext& context) {
  if (!session.has_model()) return Error("a plan file is already optimised; give the model");
  KASURI_TRY(const MachineRates rates, measure_rates(request.plan.threads, context));
  KASURI_TRY(const Recipe recipe, parse_recipe(request.recipe));
  KASURI_TRY(const Estimate original, estimate(session, "none", request, rates, context));
  KASURI_TRY(const Estimate after, estimate(session, request.recipe, request, rates, context));
  const json passes = switched_passes(describe_log(recipe, session.optimized().log));
  std::vector<std::string> left_out;
  for (const json& pass : passes)
    if (works(pass)) left_out.push_back(pass["name"]);
  for (const json& pass : passes)
    if (!works(pass)) left_out.push_back(pass["name"]);
  KASURI_TRY(const Estimate before,
             estimate(session, without_passes(request.recipe, left_out), request, rates, context));
  json out = {{"rates", described_rates(rates)}, {"recipe", request.recipe},
              {"original", original.text()},     {"before", before.text()},
              {"after", after.text()},           {"passes", json::array()}};
  Estimate last = before;
  for (const json& pass : passes) {
    if (!works(pass)) continue;
    context.report("Estimating pass " + pass["name"].get<std::string>());
    left_out.erase(left_out.begin());
    KASURI_TRY(const Estimate now, estimate(session, without_passes(request.recipe, left_out),
                                            request, rates, context));
    out["passes"].push_back({{"name", pass["name"]},
                             {"applied", pass["applied"]},
                             {"declined", pass["declined"]},
                             {"estimate_ms", now.ms - last.ms},
                             {"arena_bytes", now.arena_bytes - last.arena_bytes},
                             {"kernels", now.kernels - last.kernels}});
    last = now;
  }
  conclude(out);
  out["payback"] = request.load ? payback(*request.load, before.ms, after.ms) : json();
  return out;
}

}  // namespace kasuri::profiling
