#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/comparison_run.h"
#include "profiling/environment.h"
#include "profiling/leave_out.h"
#include "profiling/recipe_search.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {

using nlohmann::json;

Status ComparisonRun::measure_streams() {
  const auto several = [](const ComparedSide& side) { return side.spec.streams > 1; };
  if (std::none_of(sides_.begin(), sides_.end(), several)) return Done{};
  std::vector<ComparedSide*> owners;
  std::vector<SideWorker*> workers;
  std::vector<double> seconds;
  for (ComparedSide& side : sides_) {
    side.streams_why = partial_ ? "cancelled before" : "not timed: the outputs differ";
    if (partial_ || !side.times) continue;
    owners.push_back(&side);
    workers.push_back(side.worker.get());
    seconds.push_back(round_seconds(side.spec, median(side.times->samples),
                                    read_environment().cores, request_.blocks.min_seconds));
  }
  if (owners.empty()) return Done{};
  auto measured = measure_throughput(workers, seconds, request_.blocks.seed, context_);
  if (!measured.ok()) {
    if (measured.error().kind() != ErrorKind::kCancelled)
      return std::move(measured).error().with_context("--streams");
    partial_ = true;
    for (ComparedSide* owner : owners) owner->streams_why = "cancelled before";
    return Done{};
  }
  for (size_t i = 0; i < owners.size(); ++i) owners[i]->streams = std::move((*measured)[i]);
  return Done{};
}

Status ComparisonRun::measure_cold_starts() {
  constexpr int kTimes = 3;
  if (!request_.cold_start || partial_) return Done{};
  for (ComparedSide& side : sides_) {
    context_.report(fmt::format("Cold start of '{}'", side.spec.name));
    SideSpec from_plan = side.worker->spec();
    SideTask plan_task = side.task;
    const bool has_plan = side.spec.runtime == "kasuri" && side.spec.launcher.empty() &&
                          from_plan.passes != "plan file";
    if (has_plan) {
      plan_task.model_path = temporary_path(".kplan");
      from_plan.passes = "plan file";
      KASURI_RETURN_IF_ERROR(side.worker->export_plan(plan_task.model_path, context_));
    }
    std::vector<double> file_ms, plan_ms;
    for (int i = 0; i < kTimes; ++i) {
      KASURI_TRY(const double ms, measure_cold_start(side.worker->spec(), side.task, context_));
      file_ms.push_back(ms);
      if (!has_plan) continue;
      KASURI_TRY(const double other, measure_cold_start(from_plan, plan_task, context_));
      plan_ms.push_back(other);
    }
    json found = {{"from_file_ms", median(file_ms)}, {"from_plan_ms", nullptr}, {"runs", kTimes}};
    if (has_plan) found["from_plan_ms"] = median(plan_ms);
    side.cold_start = std::make_shared<const json>(std::move(found));
  }
  return Done{};
}

EffectRequest ComparisonRun::effect_request(const ComparedSide& side) {
  EffectRequest request;
  request.side = side.worker->spec();
  request.task = side.task;
  request.task.samples = nullptr;
  request.passes = passes_that_did_something(side);
  request.idle = passes_that_did_nothing(side);
  request.warm_up_seconds = request_.warm_up_seconds;
  if (request_.blocks.blocks > 0) request.blocks = request_.blocks;
  request.blocks.duration_seconds = 0;
  if (!references_.empty())
    request.outputs_right = [this](SideWorker& worker) -> Result<bool> {
      KASURI_TRY(const auto outputs, worker.outputs(context_));
      return compare_outputs(references_.front().values, outputs, tolerance_).verdict !=
             FidelityVerdict::kBroken;
    };
  return request;
}

Status ComparisonRun::measure_effects() {
  const ComparedSide* side = side_of_passes();
  const bool asked = request_.each_pass || request_.bisect;
  if (!asked || side == nullptr || partial_) return Done{};
  effects_ = std::make_unique<PassEffects>(effect_request(*side));
  Status measured = effects_->measure(context_);
  if (measured.ok() && request_.bisect) measured = bisect_slow_passes(*side);
  if (!measured.ok() && measured.error().kind() != ErrorKind::kCancelled) return measured;
  partial_ = !measured.ok();
  effects_why_ = partial_ ? "cancelled before" : "switched off, or no site in this model";
  return Done{};
}

Status ComparisonRun::bisect_slow_passes(const ComparedSide& side) {
  const std::string whole = side.worker->spec().passes;
  for (const std::string& pass : passes_that_did_something(side)) {
    const json effect = effects_->effect_of(pass)["left_out"];
    if (!effect.is_object() || effect["verdict"] != "slower") continue;
    const auto faster_without = [&](const std::vector<std::string>& sites) -> Result<bool> {
      context_.report(fmt::format("Looking for what slows in {}: {} sites", pass, sites.size()));
      KASURI_TRY(const json found,
                 effects_->between(without_passes(whole, sites), whole, context_));
      return found["verdict"] == "slower";
    };
    KASURI_TRY(slow_sites_[pass],
               guilty_parts(applied_sites(side.worker->rewrite(), pass), faster_without));
  }
  return Done{};
}

Status ComparisonRun::search() {
  const ComparedSide* side = side_of_passes();
  if (request_.search_seconds <= 0 || side == nullptr || partial_) return Done{};
  SearchRequest request;
  request.effects = effect_request(*side);
  request.budget_seconds = request_.search_seconds;
  request.on_trial = request_.on_trial;
  for (const json& pass : side->worker->rewrite().value("passes", json::array()))
    if (!pass["always_on"].get<bool>() && !pass["enabled"].get<bool>() &&
        (request_.search_exact ? pass["fidelity"] == "exact" : pass["fidelity"] != "approximate"))
      request.more.push_back(pass["name"]);
  KASURI_TRY(json found, search_recipe(request, context_));
  partial_ = found["partial"].get<bool>();
  search_ = std::make_shared<const json>(std::move(found));
  return Done{};
}

}  // namespace kasuri::profiling
