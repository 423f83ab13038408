#include "profiling/conclusion.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

json side(const char* name, const char* runtime, double ms, bool original) {
  json blocks = json::array();
  for (int i = 0; i < 21; ++i) blocks.push_back(ms * (1 + 0.001 * (i % 3)));
  return {{"name", name},
          {"model", "m.onnx"},
          {"original", original},
          {"runtime", {{"name", runtime}, {"version", "1"}}},
          {"latency_ms", {{"median", ms}}},
          {"block_medians_ms", blocks}};
}

json comparison(const char* verdict, double ratio) {
  return {
      {"model", {{"path", "m.onnx"}}},
      {"sides", {side("before", "kasuri", 10, true), side("after", "kasuri", 10 * ratio, true)}},
      {"deltas",
       {{{"latency", {{"ratio", ratio}, {"verdict", verdict}}},
         {"peak_rss", {{"ratio", 1.0}, {"verdict", "same"}}}}}},
      {"fidelity", {{{"verdict", "equal"}}, {{"verdict", "equal"}}}},
      {"requirements", json::array()},
      {"partial", false}};
}

TEST(Conclusion, IsGoOnlyForAGainThatMayBeClaimed) {
  EXPECT_EQ(conclude(comparison("faster", 0.5))["decision"], "go");
  EXPECT_EQ(conclude(comparison("same", 1.0))["decision"], "no-go");
  EXPECT_EQ(conclude(comparison("slower", 1.2))["decision"], "no-go");
  EXPECT_EQ(conclude(comparison("undecided", 0.9))["decision"], "undecided");
  json broken = comparison("faster", 0.5);
  broken["fidelity"][1]["verdict"] = "broken";
  EXPECT_EQ(conclude(broken)["decision"], "no-go");
  json unchecked = comparison("faster", 0.5);
  unchecked["fidelity"][1]["verdict"] = "unchecked";
  EXPECT_EQ(conclude(unchecked)["decision"], "undecided");
  json missed = comparison("faster", 0.5);
  missed["requirements"].push_back({{"text", "p90<=1ms"}, {"met", false}});
  EXPECT_EQ(conclude(missed)["decision"], "no-go");
  json partial = comparison("faster", 0.5);
  partial["partial"] = true;
  EXPECT_EQ(conclude(partial)["decision"], "undecided");
  json large = comparison("faster", 0.5);
  large["sides"][1]["memory"] = {{"fits_limit", false}};
  EXPECT_EQ(conclude(large)["decision"], "no-go");
  json smaller = comparison("same", 1.0);
  smaller["deltas"][0]["peak_rss"] = {{"ratio", 0.5}, {"verdict", "less"}};
  EXPECT_EQ(conclude(smaller)["decision"], "go");
}

TEST(Conclusion, NamesTodaysRuntimeAndCountsThePaybackAgainstIt) {
  json report = comparison("faster", 0.5);
  report["sides"].push_back(side("file", "ort", 1, false));
  report["sides"].push_back(side("today", "ort", 8, true));
  report["load"] = {{"machines", 10},
                    {"cost_per_machine_hour", 2},
                    {"effort_hours", 12},
                    {"cost_per_effort_hour", 100}};
  const json found = conclude(report);
  EXPECT_EQ(found["today"]["side"], "today");
  EXPECT_EQ(found["today"]["latency"]["verdict"], "faster");
  EXPECT_NEAR(found["today"]["latency"]["ratio"].get<double>(), 5.0 / 8, 1e-6);
  const json& payback = found["payback"];
  EXPECT_EQ(payback["against"], "today");
  EXPECT_EQ(payback["machines_after"], 7);  // 10 * 5 / 8 = 6.25
  EXPECT_DOUBLE_EQ(payback["saved_per_day"], 3 * 24 * 2.0);
  EXPECT_DOUBLE_EQ(payback["days"], 1200 / 144.0);
}

TEST(Conclusion, ADifferenceWithinTheNoisePaysNothing) {
  json report = comparison("undecided", 0.9);
  report["load"] = {{"queries_per_day", 1e6}, {"cost_per_machine_hour", 2}, {"effort_hours", 1}};
  const json payback = conclude(report)["payback"];
  EXPECT_EQ(payback["saved_per_day"], 0);
  EXPECT_TRUE(payback["days"].is_null());
}

}  // namespace
}  // namespace kasuri::profiling
