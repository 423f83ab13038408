#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "profiling/compared_side.h"
#include "profiling/pass_effects.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kSameMemory = 0.02;  ///< RSS differs by about a percent from run to run.

json latency_delta(const ComparedSide& side, const ComparedSide& baseline) {
  if (side.identical_to_baseline)
    return {{"ratio", 1.0},
            {"low", 1.0},
            {"high", 1.0},
            {"verdict", "same"},
            {"why", "no change: the plans are identical"},
            {"timed", false}};
  if (!side.times || !baseline.times)
    return {{"ratio", nullptr},
            {"low", nullptr},
            {"high", nullptr},
            {"verdict", "undecided"},
            {"why", "not timed: the outputs differ"},
            {"timed", false}};
  const PairedRatio paired =
      compare_blocks(baseline.times->block_medians, side.times->block_medians);
  return {{"ratio", paired.ratio.estimate},
          {"low", paired.ratio.low},
          {"high", paired.ratio.high},
          {"verdict", name_of(paired.verdict)},
          {"confidence", 0.99},
          {"timed", true},
          {"blocks", side.times->block_medians.size()}};
}

json memory_delta(const json& now, const json& then, double threshold) {
  if (!now.is_number() || !then.is_number())
    return {{"ratio", nullptr}, {"verdict", nullptr}, {"why", "not known for both sides"}};
  const double after = now.get<double>(), before = then.get<double>();
  const double ratio = before > 0 ? after / before : (after > 0 ? 2.0 : 1.0);
  const char* verdict = ratio < 1 - threshold ? "less" : ratio > 1 + threshold ? "more" : "same";
  return {{"ratio", ratio}, {"verdict", verdict}, {"bytes", after - before}};
}

json describe_difference(const OutputDifference& output) {
  json out = {
      {"name", output.name},
      {"verdict", name_of(output.verdict)},
      {"max_abs", output.max_abs},
      {"max_rel", output.max_rel},
      {"largest", output.largest},
      {"cosine", output.cosine},
      {"sqnr_db", output.sqnr_db ? json(*output.sqnr_db) : json()},
      {"worst_sample", output.worst_sample + 1},
      {"max_abs_of_best_sample", std::min(output.smallest_max_abs, output.max_abs)},
      {"argmax_agreement", output.argmax_agreement ? json(*output.argmax_agreement) : json()}};
  if (!output.why.empty()) out["why"] = output.why;
  if (!output.sqnr_db && output.verdict == FidelityVerdict::kEqual)
    out["sqnr_why"] = "no difference";
  return out;
}

/// [{reason, count}], the most frequent first.
json reasons_of(const json& pass) {
  std::map<std::string, int> counts;
  for (const json& rule : pass["rules"])
    for (const json& site : rule["sites"])
      if (site["outcome"] == "declined") ++counts[site["reason"].get<std::string>()];
  std::vector<std::pair<int, std::string>> sorted;
  for (const auto& [reason, count] : counts) sorted.emplace_back(-count, reason);
  std::sort(sorted.begin(), sorted.end());
  json out = json::array();
  for (const auto& [count, reason] : sorted) out.push_back({{"reason", reason}, {"count", -count}});
  return out;
}

}  // namespace

json describe_delta(const ComparedSide& side, const json& described, const ComparedSide& baseline,
                    const json& described_baseline) {
  const json &now = described["memory"], &then = described_baseline["memory"];
  json out = {
      {"side", side.spec.name},
      {"against", baseline.spec.name},
      {"latency", latency_delta(side, baseline)},
      {"arena", memory_delta(now["arena_bytes"], then["arena_bytes"], 0)},
      {"peak_rss", memory_delta(now["peak_rss_bytes"], then["peak_rss_bytes"], kSameMemory)}};
  if (side.streams && baseline.streams)
    out["throughput"] = throughput_delta(*side.streams, *baseline.streams);
  return out;
}

json describe_fidelity(const ComparedSide& side) {
  json outputs = json::array();
  for (const OutputDifference& output : side.fidelity.outputs)
    outputs.push_back(describe_difference(output));
  json out = {{"side", side.spec.name},
              {"outputs", std::move(outputs)},
              {"verdict", name_of(side.fidelity.verdict)},
              {"blocked_passes", side.blocked},
              {"guilty_sites", side.guilty}};
  if (!side.fidelity.why.empty()) out["why"] = side.fidelity.why;
  if (!side.blocked.empty()) out["before_blocking"] = side.unblocked_fidelity.why;
  return out;
}

json describe_passes(const ComparedSide& side) {
  json out = json::array();
  for (const json& pass : side.worker->rewrite().value("passes", json::array()))
    out.push_back({{"name", pass["name"]},
                   {"law", pass["law"]},
                   {"fidelity", pass["fidelity"]},
                   {"enabled", pass["enabled"]},
                   {"always_on", pass["always_on"]},
                   {"applied", pass["applied"]},
                   {"declined", reasons_of(pass)},
                   {"declined_count", pass["declined"]}});
  return out;
}

void put_effects(json& pass, const PassEffects* effects, const std::string& why) {
  pass["effect_ms"] = nullptr;
  if (pass["always_on"].get<bool>()) {
    pass["why"] = "part of every side";
    return;
  }
  pass["why"] = why;
  if (effects == nullptr) return;
  pass["effects"] = effects->effect_of(pass["name"]);
  const json& cumulative = pass["effects"]["cumulative"];
  if (!cumulative.is_object()) return;
  pass["effect_ms"] = cumulative["ms"];
  pass["why"] = cumulative.value("why", "");
}

}  // namespace kasuri::profiling
