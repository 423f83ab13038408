#include "profiling/conclusion.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/advise.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// What the engineer runs today: the model as it is in another runtime.
bool is_today(const json& side, const json& report) {
  const bool original = side.value("original", side.value("model", "") == report["model"]["path"]);
  return original && side["runtime"]["name"] != "kasuri" && side["latency_ms"].is_object() &&
         side.contains("block_medians_ms");
}

json ratio_between(const json& baseline, const json& side) {
  const auto then = baseline.value("block_medians_ms", std::vector<double>());
  const auto now = side.value("block_medians_ms", std::vector<double>());
  if (then.empty() || then.size() != now.size()) return nullptr;
  const PairedRatio paired = compare_blocks(then, now);
  return {{"ratio", paired.ratio.estimate},
          {"low", paired.ratio.low},
          {"high", paired.ratio.high},
          {"verdict", name_of(paired.verdict)}};
}

json today_of(const json& report) {
  const json& sides = report["sides"];
  for (size_t i = 0; i < sides.size(); ++i) {
    if (i == 1 || !is_today(sides[i], report)) continue;
    json latency = ratio_between(sides[i], sides[1]);
    if (latency.is_null()) continue;
    return {{"side", sides[i]["name"]},
            {"runtime", sides[i]["runtime"]["name"]},
            {"version", sides[i]["runtime"]["version"]},
            {"median_ms", sides[i]["latency_ms"]["median"]},
            {"latency", std::move(latency)}};
  }
  return nullptr;
}

WorkLoad load_of(const json& load) {
  WorkLoad out;
  out.queries_per_day = load.value("queries_per_day", 0.0);
  out.machines = load.value("machines", 0.0);
  out.cost_per_machine_hour = load.value("cost_per_machine_hour", 0.0);
  out.effort_hours = load.value("effort_hours", 0.0);
  out.cost_per_effort_hour = load.value("cost_per_effort_hour", 0.0);
  return out;
}

json payback_of(const json& report, const json& today) {
  if (!report.contains("load") || !report["load"].is_object()) return nullptr;
  const json& latency = today.is_object() ? today["latency"] : report["deltas"][0]["latency"];
  const json& baseline = report["sides"][0]["latency_ms"];
  const json before = today.is_object()      ? today["median_ms"]
                      : baseline.is_object() ? baseline["median"]
                                             : json();
  if (!before.is_number() || !latency["ratio"].is_number()) return nullptr;
  const bool differs = latency["verdict"] == "faster" || latency["verdict"] == "slower";
  const double ratio = differs ? latency["ratio"].get<double>() : 1.0;
  json out = payback(load_of(report["load"]), before.get<double>(), before.get<double>() * ratio);
  out["against"] = today.is_object() ? today["side"] : report["sides"][0]["name"];
  return out;
}

bool outputs_are(const char* verdict, const json& report) {
  const json& fidelity = report["fidelity"];
  return fidelity.size() > 1 && fidelity[1]["verdict"] == verdict;
}

bool has(const json& reasons, const char* reason) {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

json reasons_of(const json& report) {
  json reasons = json::array();
  if (outputs_are("broken", report)) reasons.push_back("outputs_differ");
  if (outputs_are("unchecked", report)) reasons.push_back("outputs_unchecked");
  size_t met = 0;
  for (const json& requirement : report["requirements"]) met += requirement["met"].get<bool>();
  if (met < report["requirements"].size())
    reasons.push_back("requirement_not_met");
  else if (met > 0)
    reasons.push_back("requirements_met");
  const json memory = report["sides"][1].value("memory", json::object());
  if (memory.value("fits_limit", json()) == false) reasons.push_back("over_memory_limit");
  const json& delta = report["deltas"][0];
  const json& verdict = delta["latency"]["verdict"];
  if (verdict == "faster" || verdict == "slower") reasons.push_back(verdict);
  if (delta["peak_rss"]["verdict"] == "less") reasons.push_back("less_memory");
  if (verdict == "undecided" && !outputs_are("broken", report)) reasons.push_back("too_noisy");
  if (verdict == "same" && !has(reasons, "less_memory")) reasons.push_back("nothing_gained");
  if (report.value("partial", false)) reasons.push_back("partial");
  return reasons;
}

const char* decision_for(const json& reasons) {
  if (has(reasons, "outputs_differ") || has(reasons, "requirement_not_met") ||
      has(reasons, "over_memory_limit"))
    return "no-go";
  if (has(reasons, "partial")) return "undecided";
  const bool gain = has(reasons, "faster") || has(reasons, "less_memory");
  if (has(reasons, "slower") && !(has(reasons, "requirements_met") && gain)) return "no-go";
  if (gain) return has(reasons, "outputs_unchecked") ? "undecided" : "go";
  return has(reasons, "too_noisy") ? "undecided" : "no-go";
}

}  // namespace

json conclude(const json& report) {
  if (report["deltas"].empty())
    return {{"decision", "undecided"},
            {"reasons", json::array()},
            {"today", nullptr},
            {"payback", nullptr}};
  json out = {{"reasons", reasons_of(report)}, {"today", today_of(report)}};
  out["decision"] = decision_for(out["reasons"]);
  out["payback"] = payback_of(report, out["today"]);
  return out;
}

}  // namespace kasuri::profiling
