#include "profiling/advise.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "profiling/machine_rates.h"

namespace kasuri::profiling {
namespace {

TEST(Payback, DividesEffortBySavings) {
  const WorkLoad load{.queries_per_day = 3.6e6,
                      .cost_per_machine_hour = 2,
                      .effort_hours = 10,
                      .cost_per_effort_hour = 100};
  const auto paid = payback(load, 12, 10);  // two hours a day
  EXPECT_DOUBLE_EQ(paid["machine_hours_saved_per_day"].get<double>(), 2);
  EXPECT_DOUBLE_EQ(paid["saved_per_day"].get<double>(), 4);
  EXPECT_DOUBLE_EQ(paid["days"].get<double>(), 250);
  EXPECT_TRUE(payback(load, 10, 10)["days"].is_null());
}

TEST(MachineRates, AreThoseOfARealMachine) {
  const auto rates = measure_rates(1, {});
  ASSERT_TRUE(rates.ok()) << rates.error().text();
  EXPECT_GT(rates->contraction_flops_per_ms, 1e5);  // 0.1 GFLOP/s
  EXPECT_LT(rates->contraction_flops_per_ms, 1e10);
  EXPECT_GT(rates->memory_bytes_per_ms, 1e4);
  EXPECT_LE(rates->memory_bytes_per_ms, rates->cached_bytes_per_ms);
  EXPECT_LT(rates->step_ms, 1);
}

TEST(Advise, AddsUpFromBeforeToAfter) {
  const char* source = std::getenv("KASURI_SOURCE");
  if (source == nullptr) GTEST_SKIP() << "KASURI_SOURCE is not set";
  KasuriSession session;
  ASSERT_TRUE(
      session.open({std::string(source) + "/resources/models/small_cnn.ktxt", {}, false}, {}).ok());
  const auto advice = advise(session, {}, {});
  ASSERT_TRUE(advice.ok()) << advice.error().text();
  double ms = (*advice)["before"]["estimate_ms"];
  int64_t arena = (*advice)["before"]["arena_bytes"], kernels = (*advice)["before"]["kernels"];
  for (const auto& pass : (*advice)["passes"]) {
    ms += pass["estimate_ms"].get<double>();
    arena += pass["arena_bytes"].get<int64_t>();
    kernels += pass["kernels"].get<int64_t>();
  }
  EXPECT_NEAR(ms, (*advice)["after"]["estimate_ms"].get<double>(), 1e-9);
  EXPECT_EQ(arena, (*advice)["after"]["arena_bytes"].get<int64_t>());
  EXPECT_EQ(kernels, (*advice)["after"]["kernels"].get<int64_t>());
  EXPECT_LT(kernels, (*advice)["before"]["kernels"].get<int64_t>());
  EXPECT_EQ((*advice)["advice"], "go");
}

/// Three convolutions of one input, added: merged they leave nothing to stitch, apart they do.
constexpr const char* kBranches = R"(graph "branches" {
  opset "" 17
  input %x : float32[1,8,8,8]
  const %a.weight = float32[8,8,3,3] seed
  const %b.weight = float32[8,8,3,3] seed
  const %c.weight = float32[8,8,3,3] seed
  %a = Conv(%x, %a.weight) {pads=[1,1,1,1]}
  %b = Conv(%x, %b.weight) {pads=[1,1,1,1]}
  %c = Conv(%x, %c.weight) {pads=[1,1,1,1]}
  %ab = Add(%a, %b)
  %sum = Add(%ab, %c)
  %y = Relu(%sum)
  output "y" = %y
})";

TEST(Advise, StartsWithNoPassAtAll) {
  const auto path = std::filesystem::temp_directory_path() / "kasuri_branches.ktxt";
  std::ofstream(path) << kBranches;
  KasuriSession session;
  const Status opened = session.open({path.string(), {}, false}, {});
  ASSERT_TRUE(opened.ok()) << opened.error().text();
  const auto advice = advise(session, {}, {});
  ASSERT_TRUE(advice.ok()) << advice.error().text();
  bool stitched = false;
  for (const auto& pass : (*advice)["passes"]) stitched = stitched || pass["name"] == "stitch";
  EXPECT_FALSE(stitched) << "the model no longer shows what this test is about";
  EXPECT_EQ((*advice)["before"]["kernels"], (*advice)["original"]["kernels"]);
  EXPECT_EQ((*advice)["before"]["plan_hash"], (*advice)["original"]["plan_hash"]);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace kasuri::profiling
