#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/comparison.h"
#include "profiling/side_worker.h"

namespace kasuri::profiling {

/// What the effects of single passes are measured on.
struct EffectRequest {
  SideSpec side;  ///< A Kasuri side; its recipe is the whole whose parts are measured.
  SideTask task;
  std::vector<std::string> passes;  ///< Of the recipe, those that did something, in run order.
  /// Of the recipe, those that did nothing in the whole of it. A part of the recipe goes without
  /// them: where another pass is missing they may find sites of its own.
  std::vector<std::string> idle;
  BlockOptions blocks;
  double warm_up_seconds = 10;
  /// Whether the outputs of a side are right; empty: not asked.
  std::function<Result<bool>(SideWorker&)> outputs_right;
};

/// Blocks of a pair of recipes whose runs take so long, where nobody asked for a number.
int blocks_of_pair(double ms);

/// Measures what every pass is worth, each time with two live workers that alternate as in a
/// comparison: *cumulative* (the passes up to and with it against those before it; the first
/// against no pass at all), *alone* (against no pass) and *left_out* (the whole recipe against the
/// recipe without it). Recipes
/// that lead to the same plan are not timed. Pairs that two questions share are measured once.
class PassEffects {
 public:
  explicit PassEffects(EffectRequest request) : request_(std::move(request)) {}
  ~PassEffects();

  /// Errors: a worker that dies, cancellation; what was measured until then stays in effect_of().
  Status measure(const TaskContext& context);
  /// One pair of any recipes of the side, timed as the others are: {ms, ratio, ..., verdict}.
  Result<nlohmann::json> between(const std::string& without, const std::string& with,
                                 const TaskContext& context);
  /// {"cumulative", "alone", "left_out"}: each null or {ms, ratio, low, high, verdict, timed,
  /// arena_bytes, kernels}; differences are with the pass less without it, verdict is one of
  /// faster, slower, same, undecided, broken. Null where nothing was measured.
  nlohmann::json effect_of(const std::string& pass) const;

 private:
  struct Pair;
  enum class Question { kCumulative, kAlone, kLeftOut };
  Pair pair_of(size_t pass, Question question) const;
  std::string recipe_without(const std::vector<std::string>& left_out) const;
  std::string part_without(std::vector<std::string> left_out) const;
  Status start(const TaskContext& context);
  Status measure_pair(const Pair& pair, const TaskContext& context);
  Status hold(size_t worker, const std::string& recipe, const TaskContext& context);
  Result<nlohmann::json> time_pair(const TaskContext& context);

  /// One of the two workers and the recipe it holds.
  struct Held {
    std::unique_ptr<SideWorker> worker;
    std::string recipe;
    bool right = true, warm = false;
  };
  EffectRequest request_;
  Held held_[2];  // without the pass, with it
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const nlohmann::json>> measured_;
};

}  // namespace kasuri::profiling
