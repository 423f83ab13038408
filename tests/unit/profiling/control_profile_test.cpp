#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "profiling/body_times.h"
#include "profiling/export/chrome_trace.h"
#include "profiling/export/csv.h"
#include "profiling/profile_report.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(BodyTimes, SumsCallsOfEachRun) {
  BodyTimes times;
  const int a = 0, b = 0;
  times.begin_run();
  times.begin(&a, 1);
  times.begin(&b, 2);  // never closed: an error went by
  times.end(&a, 4);
  times.begin(&a, 5);
  times.end(&a, 6);
  times.begin_run();
  times.begin_run();
  times.begin(&a, 7);
  times.end(&a, 9);
  times.end(&b, 10);  // never opened in this run
  const BodyTimes::Series* series = times.find(&a);
  ASSERT_NE(series, nullptr);
  EXPECT_EQ(series->ms, (std::vector<double>{4, 0, 2}));
  EXPECT_EQ(series->calls, (std::vector<double>{2, 0, 1}));
  EXPECT_EQ(series->events, (std::vector<std::pair<double, double>>{{7, 2}}));
  EXPECT_EQ(times.find(&b), nullptr);
}

constexpr const char* kLoop = R"(
graph "loop" {
  opset "" 17
  input %x : float32[64]
  const %n = int64[] {12}
  %y = Loop(%n, _, %x) {body=graph "turn" {
    opset "" 17
    input %t : int64[]
    input %go : bool[]
    input %v : float32[64]
    capture %x : float32[64]
    %w = Add(%v, %x)
    %z = Tanh(%w)
    output "go" = %go
    output "z" = %z
  }}
  %found = NonZero(%y)
  output "found" = %found
})";

json profile_of(const std::string& text) {
  const std::string path = "/tmp/kasuri_profile_" + std::to_string(::getpid()) + ".ktxt";
  std::ofstream(path) << text;
  KasuriSession session;
  const Status opened = session.open({.path = path}, {});
  std::filesystem::remove(path);
  EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().text());
  EXPECT_TRUE(session.optimize("none", {}).ok());
  const Status planned = session.make_plan({}, {});
  EXPECT_TRUE(planned.ok()) << (planned.ok() ? "" : planned.error().text());
  const auto profile = profile_steps(session, 5, {});
  EXPECT_TRUE(profile.ok()) << (profile.ok() ? "" : profile.error().text());
  return describe_profile_report(session, *profile);
}

TEST(ControlProfile, LoopShowsIterationsAndStepsOfItsBody) {
  const json report = profile_of(kLoop);
  const json& loop = report["steps"][0];
  EXPECT_EQ(loop["kind"], "control");
  EXPECT_EQ(loop["misfit"], "");
  ASSERT_EQ(loop["bodies"].size(), 1u);
  const json& body = loop["bodies"][0];
  EXPECT_EQ(body["name"], "body");
  EXPECT_EQ(body["iterations"], 12);
  ASSERT_EQ(body["steps"].size(), 2u);
  double inside = 0;
  for (const json& step : body["steps"]) {
    EXPECT_EQ(step["calls"], 12);
    EXPECT_EQ(step["events_ms"].size(), 12u);
    EXPECT_GT(step["median_ms"].get<double>(), 0);
    inside += step["median_ms"].get<double>();
  }
  EXPECT_LE(inside, body["median_ms"].get<double>() * 1.5);
  EXPECT_LE(body["median_ms"].get<double>(), loop["median_ms"].get<double>() * 1.5);
}

TEST(ControlProfile, MisfitsAreNamedAtAnyDepth) {
  const json report = profile_of(R"(
graph "outer" {
  opset "" 17
  input %x : float32[1]
  input %yes : bool[]
  const %n = int64[] {3}
  %z = If(%yes) {then_branch=graph "then" {
    opset "" 17
    capture %x : float32[1]
    capture %n : int64[]
    %y = Loop(%n, _, %x) {body=graph "turn" {
      opset "" 17
      input %t : int64[]
      input %go : bool[]
      input %v : float32[1]
      %w = Concat(%v, %v) {axis=0}
      output "go" = %go
      output "w" = %w
    }}
    output "y" = %y
  }, else_branch=graph "else" {
    opset "" 17
    capture %x : float32[1]
    capture %n : int64[]
    %y = Loop(%n, _, %x) {body=graph "turn" {
      opset "" 17
      input %t : int64[]
      input %go : bool[]
      input %v : float32[1]
      %w = Concat(%v, %v) {axis=0}
      output "go" = %go
      output "w" = %w
    }}
    output "y" = %y
  }}
  output "z" = %z
})");
  const json& choice = report["steps"][0];
  EXPECT_EQ(choice["misfit"], "");
  std::string inner;
  for (const json& body : choice["bodies"]) inner += body["steps"][0]["misfit"].get<std::string>();
  EXPECT_THAT(inner, HasSubstr("planned was float32[1]"));
}

TEST(ControlProfile, DynamicStepsAreNamedWithTheirMemory) {
  const json report = profile_of(kLoop);
  const json& found = report["steps"][1];
  EXPECT_THAT(found["dynamic"].get<std::string>(), HasSubstr("'found' depends on data"));
  EXPECT_EQ(report["steps"][0]["dynamic"], "");
  EXPECT_GT(report["memory"]["dynamic_peak_bytes"], 0);
  EXPECT_EQ(report["dynamic_memory"]["buffers"][0]["name"], "found");
  EXPECT_GT(report["dynamic_memory"]["buffers"][0]["bytes"], 0);
}

TEST(ControlProfile, ExportsHoldTheBody) {
  const json report = profile_of(kLoop);
  const std::string csv = steps_csv(report);
  EXPECT_THAT(csv, HasSubstr("flops,nodes,calls\r\n"));
  EXPECT_THAT(csv, HasSubstr("\r\ny/body/z,Tanh,"));
  int iterations = 0, steps = 0;
  const json trace = json::parse(chrome_trace(report));
  for (const json& event : trace["traceEvents"]) {
    if (event.value("cat", "") == "body") ++iterations;
    if (event.value("name", "") == "z") ++steps;
  }
  EXPECT_EQ(iterations, 12);
  EXPECT_EQ(steps, 12);
}

}  // namespace
}  // namespace kasuri::profiling
