#include "profiling/recipe_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "profiling/clock.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kHopeless = 5, kShareOfScreening = 0.6;
constexpr int kScreeningRuns = 7, kWarmingRuns = 11;
constexpr double kShortestBlockMs = 40;
constexpr size_t kMostConfirmed = 4;
constexpr double kAssumedGain = 0.98;  ///< A step must promise 2 %, what is called the same.

struct Trial {
  std::set<std::string> off, on;  ///< Passes switched against the recipe.
  std::string recipe, error;
  double ms = 0;
  int64_t arena_bytes = 0, kernels = 0;
  bool right = true, stopped = false, pareto = false;
  json confirmed;

  json described() const {
    return {{"recipe", recipe},
            {"ms", ms},
            {"arena_bytes", arena_bytes},
            {"kernels", kernels},
            {"outputs", right ? "right" : "wrong"},
            {"stopped", stopped},
            {"pareto", pareto},
            {"error", error},
            {"confirmed", confirmed}};
  }
};

class Search {
 public:
  Search(const SearchRequest& request, const TaskContext& context)
      : request_(request), context_(context) {}
  Status run();
  json report() const;

 private:
  bool time_left(double share) const {
    return watch_.milliseconds() / 1e3 < request_.budget_seconds * share;
  }
  Status start_worker();
  Status screen(Trial trial);
  Status try_out(Trial& trial);
  Status look();
  Status climb();
  /// Whether a confirmation of this trial fits into what is left.
  bool time_for(const Trial& trial) const;
  void mark_pareto();
  void tell(const Trial& trial) const;
  Status confirm();
  size_t fastest() const;
  std::vector<Trial> neighbours(const Trial& of) const;
  std::string recipe_of(const Trial& trial) const;

  const SearchRequest& request_;
  const TaskContext& context_;
  const Stopwatch watch_;
  std::unique_ptr<SideWorker> worker_;
  std::vector<Trial> trials_;
  std::set<std::string> seen_;
  bool partial_ = false, out_of_time_ = false;
};

std::string Search::recipe_of(const Trial& trial) const {
  std::string recipe = request_.effects.side.passes;
  for (const std::string& pass : trial.off) recipe += ",-" + pass;
  for (const std::string& pass : trial.on) recipe += ",+" + pass;
  return recipe;
}

void Search::tell(const Trial& trial) const {
  if (request_.on_trial) request_.on_trial(trial.described());
}

Status Search::start_worker() {
  KASURI_TRY(worker_, SideWorker::start(request_.effects.side, request_.effects.task, context_));
  return worker_->prepare(context_);
}

/// Runs a recipe a few times in the live worker.
Status Search::try_out(Trial& trial) {
  KASURI_RETURN_IF_ERROR(worker_->replan(trial.recipe, context_));
  const json& plan = worker_->plan();
  trial.arena_bytes = plan["memory"]["arena_bytes"];
  trial.kernels = plan["kernels"];
  if (request_.effects.outputs_right) {
    KASURI_TRY(trial.right, request_.effects.outputs_right(*worker_));
  }
  KASURI_TRY(const auto first, worker_->run_block(2, context_));
  trial.ms = first.back();
  trial.stopped = !trials_.empty() && trial.ms > kHopeless * trials_[fastest()].ms;
  if (!trial.stopped) {
    KASURI_TRY(const auto times, worker_->run_block(kScreeningRuns, context_));
    trial.ms = median(times);
  }
  return Done{};
}

/// A recipe that does not run is a trial, too, as long as the first one does.
Status Search::screen(Trial trial) {
  trial.recipe = recipe_of(trial);
  if (!seen_.insert(trial.recipe).second) return Done{};
  context_.report(fmt::format("Screening {}", trial.recipe), watch_.milliseconds() / 1e3,
                  request_.budget_seconds);
  Status tried = try_out(trial);
  if (!tried.ok()) {
    if (trials_.empty() || tried.error().kind() == ErrorKind::kCancelled) return tried;
    trial.error = tried.error().text();
    trial.stopped = true;
    KASURI_RETURN_IF_ERROR(start_worker());
  }
  trials_.push_back(std::move(trial));
  tell(trials_.back());
  mark_pareto();
  return Done{};
}

size_t Search::fastest() const {
  size_t best = 0;
  for (size_t i = 1; i < trials_.size(); ++i)
    if (trials_[i].right && !trials_[i].stopped && trials_[i].ms < trials_[best].ms) best = i;
  return best;
}

std::vector<Trial> Search::neighbours(const Trial& of) const {
  std::vector<Trial> out;
  const auto toggled = [](std::set<std::string> names, const std::string& name) {
    if (names.erase(name) == 0) names.insert(name);
    return names;
  };
  for (const std::string& pass : request_.effects.passes) {
    out.emplace_back();
    out.back().off = toggled(of.off, pass);
    out.back().on = of.on;
  }
  for (const std::string& pass : request_.more) {
    out.emplace_back();
    out.back().off = of.off;
    out.back().on = toggled(of.on, pass);
  }
  return out;
}

/// From the recipe to ever better neighbours.
Status Search::climb() {
  KASURI_RETURN_IF_ERROR(screen({}));
  size_t at = 0;
  while (time_left(kShareOfScreening)) {
    for (const Trial& trial : neighbours(trials_[at]))
      if (time_left(kShareOfScreening)) KASURI_RETURN_IF_ERROR(screen(trial));
    const size_t best = fastest();
    if (best == at || trials_[best].ms > kAssumedGain * trials_[at].ms) return Done{};
    at = best;
  }
  return Done{};
}

void Search::mark_pareto() {
  for (Trial& trial : trials_) {
    const bool was = trial.pareto;
    trial.pareto =
        trial.right && !trial.stopped &&
        std::none_of(trials_.begin(), trials_.end(), [&](const Trial& other) {
          const bool no_worse = other.ms <= trial.ms && other.arena_bytes <= trial.arena_bytes;
          const bool better = other.ms < trial.ms || other.arena_bytes < trial.arena_bytes;
          return other.right && !other.stopped && no_worse && better;
        });
    if (trial.pareto != was) tell(trial);
  }
}

bool Search::time_for(const Trial& trial) const {
  const double ms = std::max(trial.ms, trials_.front().ms);
  const int asked = request_.effects.blocks.blocks;
  const int blocks = asked > 0 ? asked : blocks_of_pair(ms);
  const double pair = 2 * (ms * kWarmingRuns + std::max(ms, kShortestBlockMs) * blocks);
  return watch_.milliseconds() + pair < 1e3 * request_.budget_seconds;
}

Status Search::confirm() {
  std::vector<size_t> front;
  for (size_t i = 1; i < trials_.size(); ++i)
    if (trials_[i].pareto) front.push_back(i);
  std::sort(front.begin(), front.end(),
            [&](size_t a, size_t b) { return trials_[a].ms < trials_[b].ms; });
  if (front.size() > kMostConfirmed) front.resize(kMostConfirmed);
  worker_.reset();
  PassEffects pairs(request_.effects);
  for (size_t i : front) {
    out_of_time_ = out_of_time_ || !time_for(trials_[i]);
    if (out_of_time_) return Done{};
    context_.report(fmt::format("Confirming {}", trials_[i].recipe), watch_.milliseconds() / 1e3,
                    request_.budget_seconds);
    KASURI_TRY(const json found,
               pairs.between(request_.effects.side.passes, trials_[i].recipe, context_));
    trials_[i].confirmed = {{"ratio", found["ratio"]},
                            {"low", found["low"]},
                            {"high", found["high"]},
                            {"verdict", found["verdict"]}};
    tell(trials_[i]);
  }
  return Done{};
}

Status Search::look() {
  KASURI_RETURN_IF_ERROR(start_worker());
  KASURI_RETURN_IF_ERROR(climb());
  return confirm();
}

Status Search::run() {
  Status looked = look();
  partial_ = !looked.ok() && looked.error().kind() == ErrorKind::kCancelled && !trials_.empty();
  if (partial_) return Done{};
  return looked;
}

json Search::report() const {
  json out = {
      {"budget_s", request_.budget_seconds},
      {"seconds", watch_.milliseconds() / 1e3},
      {"from", request_.effects.side.passes},
      {"best", request_.effects.side.passes},
      {"why", out_of_time_ ? "the time was over before all of the Pareto front was confirmed"
                           : "no other recipe was confirmed as faster, or as fast in less memory"},
      {"partial", partial_},
      {"out_of_time", out_of_time_},
      {"trials", json::array()}};
  double best_ratio = 1;
  int64_t best_arena = trials_.front().arena_bytes;
  for (const Trial& trial : trials_) {
    out["trials"].push_back(trial.described());
    if (!trial.confirmed.is_object()) continue;
    const json& verdict = trial.confirmed["verdict"];
    const double ratio = verdict == "faster" ? trial.confirmed["ratio"].get<double>() : 1;
    const bool smaller = verdict == "same" && ratio <= best_ratio && trial.arena_bytes < best_arena;
    if (!(verdict == "faster" && ratio < best_ratio) && !smaller) continue;
    best_ratio = ratio;
    best_arena = trial.arena_bytes;
    out["best"] = trial.recipe;
    out["why"] = smaller ? "confirmed as fast, in less memory" : "confirmed as faster";
  }
  return out;
}

}  // namespace

Result<json> search_recipe(const SearchRequest& request, const TaskContext& context) {
  Search search(request, context);
  KASURI_RETURN_IF_ERROR(search.run());
  return search.report();
}

}  // namespace kasuri::profiling
