#include "profiling/pass_effects.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "profiling/leave_out.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kShortRunMs = 60;
constexpr int kBlocksOfShortRuns = 21;

json difference(const json& without, const json& with, const char* key) {
  if (!without.contains(key) || !with.contains(key)) return nullptr;
  return with[key].get<int64_t>() - without[key].get<int64_t>();
}

json no_change() {
  return {{"ms", 0.0},      {"low_ms", 0.0},     {"high_ms", 0.0},
          {"ratio", 1.0},   {"low", 1.0},        {"high", 1.0},
          {"timed", false}, {"verdict", "same"}, {"why", "no change: the plans are identical"}};
}

json broken() {
  json effect = {{"timed", false}, {"verdict", "broken"}, {"why", "not timed: the outputs differ"}};
  for (const char* key : {"ms", "low_ms", "high_ms", "ratio", "low", "high"}) effect[key] = nullptr;
  return effect;
}

/// Tells which pair of how many is measured in front of every message.
TaskContext numbered(const TaskContext& context, const std::string& what, size_t done,
                     size_t total) {
  TaskContext inner = context;
  inner.on_progress = [context, what, done, total](const Progress& progress) {
    const double share = progress.total > 0 ? progress.done / progress.total : 0;
    context.report(fmt::format("{}: {}", what, progress.stage), static_cast<double>(done) + share,
                   static_cast<double>(total));
  };
  return inner;
}

}  // namespace

int blocks_of_pair(double ms) { return ms <= kShortRunMs ? kBlocksOfShortRuns : kMinimumBlocks; }

/// Two recipes that differ in one pass.
struct PassEffects::Pair {
  std::string without, with;
};

PassEffects::~PassEffects() = default;

std::string PassEffects::recipe_without(const std::vector<std::string>& left_out) const {
  return without_passes(request_.side.passes, left_out);
}

std::string PassEffects::part_without(std::vector<std::string> left_out) const {
  if (left_out.empty()) return recipe_without({});
  left_out.insert(left_out.end(), request_.idle.begin(), request_.idle.end());
  return recipe_without(left_out);
}

PassEffects::Pair PassEffects::pair_of(size_t pass, Question question) const {
  const std::vector<std::string>& all = request_.passes;
  std::vector<std::string> others = all;
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(pass));
  switch (question) {
    case Question::kAlone:
      return {part_without(all), part_without(others)};
    case Question::kLeftOut:
      return {recipe_without({all[pass]}), recipe_without({})};
    case Question::kCumulative:
      break;
  }
  const auto at = all.begin() + static_cast<std::ptrdiff_t>(pass);
  return {part_without({at, all.end()}), part_without({at + 1, all.end()})};
}

Status PassEffects::start(const TaskContext& context) {
  for (Held& held : held_) {
    SideSpec spec = request_.side;
    spec.name = &held == held_ ? "without" : "with";
    KASURI_TRY(held.worker, SideWorker::start(spec, request_.task, context));
    KASURI_RETURN_IF_ERROR(held.worker->prepare(context));
    held.recipe = spec.passes;
  }
  return Done{};
}

Status PassEffects::hold(size_t worker, const std::string& recipe, const TaskContext& context) {
  Held& held = held_[worker];
  if (held.recipe == recipe) return Done{};
  KASURI_RETURN_IF_ERROR(held.worker->replan(recipe, context));
  held.recipe = recipe;
  held.right = true;
  held.warm = false;
  if (request_.outputs_right) {
    KASURI_TRY(held.right, request_.outputs_right(*held.worker));
  }
  return Done{};
}

Result<json> PassEffects::time_pair(const TaskContext& context) {
  const json &without = held_[0].worker->plan(), &with = held_[1].worker->plan();
  if (without["hash"] == with["hash"]) return no_change();
  if (!held_[0].right || !held_[1].right) return broken();
  std::vector<double> warm_ms;
  for (Held& held : held_) {
    if (!held.warm) KASURI_RETURN_IF_ERROR(held.worker->warm_up(request_.warm_up_seconds, context));
    held.warm = true;
    warm_ms.push_back(held.worker->warm().at("median_ms").get<double>());
  }
  BlockOptions blocks = request_.blocks;
  if (blocks.blocks == 0) blocks.blocks = blocks_of_pair(std::max(warm_ms[0], warm_ms[1]));
  TimedSide* const sides[] = {held_[0].worker.get(), held_[1].worker.get()};
  KASURI_TRY(const BlockTimes times, alternate_blocks(sides, warm_ms, blocks, context));
  const PairedRatio paired =
      compare_blocks(times.sides[0].block_medians, times.sides[1].block_medians);
  const double base_ms = median(times.sides[0].block_medians);
  return json{{"ms", (paired.ratio.estimate - 1) * base_ms},
              {"low_ms", (paired.ratio.low - 1) * base_ms},
              {"high_ms", (paired.ratio.high - 1) * base_ms},
              {"ratio", paired.ratio.estimate},
              {"low", paired.ratio.low},
              {"high", paired.ratio.high},
              {"timed", true},
              {"blocks", times.blocks_done},
              {"verdict", name_of(paired.verdict)}};
}

Status PassEffects::measure_pair(const Pair& pair, const TaskContext& context) {
  const auto key = std::pair{pair.without, pair.with};
  if (measured_.contains(key)) return Done{};
  if (held_[1].recipe == pair.without || held_[0].recipe == pair.with)
    std::swap(held_[0], held_[1]);
  KASURI_RETURN_IF_ERROR(hold(0, pair.without, context));
  KASURI_RETURN_IF_ERROR(hold(1, pair.with, context));
  KASURI_TRY(json effect, time_pair(context));
  const json &without = held_[0].worker->plan(), &with = held_[1].worker->plan();
  effect["arena_bytes"] = difference(without["memory"], with["memory"], "arena_bytes");
  effect["kernels"] = difference(without, with, "kernels");
  measured_[key] = std::make_shared<const json>(std::move(effect));
  return Done{};
}

Result<json> PassEffects::between(const std::string& without, const std::string& with,
                                  const TaskContext& context) {
  if (held_[0].worker == nullptr) KASURI_RETURN_IF_ERROR(start(context));
  const Pair pair{without, with};
  KASURI_RETURN_IF_ERROR(measure_pair(pair, context));
  return *measured_.at({without, with});
}

Status PassEffects::measure(const TaskContext& context) {
  if (request_.passes.empty()) return Done{};
  if (held_[0].worker == nullptr) KASURI_RETURN_IF_ERROR(start(context));
  static constexpr std::pair<Question, const char*> kQuestions[] = {
      {Question::kCumulative, "with those before it"},
      {Question::kAlone, "alone"},
      {Question::kLeftOut, "left out"}};
  size_t done = 0;
  for (const auto& [question, words] : kQuestions)
    for (size_t pass = 0; pass < request_.passes.size(); ++pass) {
      const std::string what = fmt::format("Pass {} {}", request_.passes[pass], words);
      KASURI_RETURN_IF_ERROR(measure_pair(
          pair_of(pass, question), numbered(context, what, done++, 3 * request_.passes.size())));
    }
  return Done{};
}

json PassEffects::effect_of(const std::string& pass) const {
  json effects = {{"cumulative", nullptr}, {"alone", nullptr}, {"left_out", nullptr}};
  for (size_t i = 0; i < request_.passes.size(); ++i) {
    if (request_.passes[i] != pass) continue;
    for (const auto& [question, key] : {std::pair{Question::kCumulative, "cumulative"},
                                        {Question::kAlone, "alone"},
                                        {Question::kLeftOut, "left_out"}}) {
      const Pair pair = pair_of(i, question);
      const auto found = measured_.find({pair.without, pair.with});
      if (found != measured_.end()) effects[key] = *found->second;
    }
  }
  return effects;
}

}  // namespace kasuri::profiling
