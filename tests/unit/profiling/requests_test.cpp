#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/export/units.h"
#include "profiling/input_rule.h"
#include "profiling/leave_out.h"
#include "profiling/requirement.h"
#include "profiling/side.h"

namespace kasuri::profiling {
namespace {

TEST(Side, KeysAreReadOnTopOfDefaults) {
  SideSpec defaults;
  defaults.threads = 2;
  const auto side = parse_side("today:runtime=ort,opt.level=best,dim.seq=64,cpus=0;1", defaults);
  ASSERT_TRUE(side.ok());
  EXPECT_EQ(side->name, "today");
  EXPECT_EQ(side->runtime, "ort");
  EXPECT_EQ(side->threads, 2);
  EXPECT_EQ(side->settings.at("opt.level"), "best");
  EXPECT_EQ(side->dims.at("seq"), 64);
  EXPECT_EQ(side->cpus, (std::vector<int>{0, 1}));
  EXPECT_EQ(parse_side("a:runtime=openvino", defaults)->runtime, "openvino");
  EXPECT_EQ(parse_side("a:passes=default;-fuse", defaults)->passes, "default,-fuse");
  const auto listed = parse_side("a:passes=default,-fuse,+early-exit,threads=3", defaults);
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed->passes, "default,-fuse,+early-exit");
  EXPECT_EQ(listed->threads, 3);
}

TEST(Side, WrongTextsAreExplained) {
  for (const char* text : {":threads=1", "a:threads", "apasses=none", "a:threads=1,-fuse",
                           "a:threads=0", "a:threads=x", "a:colour=red", "a:runtime=tvm"})
    EXPECT_FALSE(parse_side(text, {}).ok()) << text;
}

TEST(Requirement, IsCheckedAgainstASide) {
  const auto requirement = parse_requirement("p90<=0.1s");
  ASSERT_TRUE(requirement.ok());
  EXPECT_DOUBLE_EQ(requirement->limit, 100);
  EXPECT_TRUE(check_requirement(*requirement, {{"latency_ms", {{"p90", 99.0}}}})["met"]);
  EXPECT_FALSE(check_requirement(*requirement, {{"latency_ms", {{"p90", 101.0}}}})["met"]);
  EXPECT_FALSE(check_requirement(*requirement, {{"latency_ms", {{"p90", nullptr}}}})["met"]);
  for (const char* text : {"p90<100ms", "speed<=1ms", "rss<=5ms", "p90<=fast"})
    EXPECT_FALSE(parse_requirement(text).ok()) << text;
}

TEST(Requirement, ThroughputIsALeastAndMissesAreAShare) {
  const auto throughput = parse_requirement("throughput>=30");
  ASSERT_TRUE(throughput.ok());
  EXPECT_TRUE(check_requirement(*throughput, {{"throughput", {{"items_per_s", 31.0}}}})["met"]);
  EXPECT_FALSE(check_requirement(*throughput, {{"throughput", {{"items_per_s", 29.0}}}})["met"]);
  const auto misses = parse_requirement("deadline 33ms misses<=10%");
  ASSERT_TRUE(misses.ok());
  EXPECT_DOUBLE_EQ(misses->deadline_ms, 33);
  const nlohmann::json one_of_ten = {
      {"samples_ms", {30.0, 30.0, 30.0, 30.0, 30.0, 30.0, 30.0, 30.0, 30.0, 40.0}}};
  EXPECT_TRUE(check_requirement(*misses, one_of_ten)["met"]);
  EXPECT_FALSE(
      check_requirement(*parse_requirement("deadline 33ms misses<=5%"), one_of_ten)["met"]);
  EXPECT_TRUE(
      check_requirement(*parse_requirement("deadline 50ms misses<=1%"), one_of_ten).contains("why"))
      << "ten runs cannot show one in a hundred";
  for (const char* text : {"throughput>=fast", "deadline 33 misses<=1%", "deadline 33ms misses<=1"})
    EXPECT_FALSE(parse_requirement(text).ok()) << text;
}

TEST(Requirement, OutputsAreHeldToTheWorstOfThem) {
  const nlohmann::json fidelity = {
      {"outputs",
       {{{"max_abs", 1e-5}, {"cosine", 0.9999}, {"sqnr_db", 80.0}, {"argmax_agreement", nullptr}},
        {{"max_abs", 3e-4}, {"cosine", 0.99}, {"sqnr_db", 50.0}, {"argmax_agreement", 0.98}}}}};
  const auto check = [&](const char* text) {
    const auto requirement = parse_requirement(text);
    EXPECT_TRUE(requirement.ok()) << text;
    return check_requirement(*requirement, nlohmann::json::object(), fidelity);
  };
  EXPECT_EQ(check("max_abs<=1e-3")["met"], true);
  EXPECT_EQ(check("max_abs<=1e-4")["met"], false);
  EXPECT_EQ(check("max_abs<=1e-4")["value"], 3e-4);
  EXPECT_EQ(check("cosine>=0.98")["met"], true);
  EXPECT_EQ(check("cosine>=0.999")["met"], false);
  EXPECT_EQ(check("sqnr>=60dB")["value"], 50.0);
  EXPECT_EQ(check("argmax>=97%")["met"], true);
  EXPECT_EQ(check("argmax>=99%")["met"], false);
  EXPECT_EQ(required_figure(check("argmax>=99%")), "98.00 %");
  EXPECT_EQ(check("max_rel<=0.1")["met"], false) << "no output has it";
  const auto unchecked = check_requirement(*parse_requirement("cosine>=0.9"), {}, {});
  EXPECT_EQ(unchecked["met"], false);
  EXPECT_EQ(unchecked["why"], "the outputs were not compared");
  for (const char* text : {"cosine<=0.9", "max_abs>=1", "sqnr>=60", "argmax>=0.9", "cosine>=x"})
    EXPECT_FALSE(parse_requirement(text).ok()) << text;
}

TEST(Requirement, AMissingFigureSaysWhy) {
  const auto checked = check_requirement(
      *parse_requirement("p99<=1ms"),
      {{"latency_ms", {{"p99", nullptr}, {"p99_why", "p99 needs 500 samples, has 54"}}}});
  EXPECT_EQ(checked["why"], "p99 needs 500 samples, has 54");
  EXPECT_EQ(required_figure({{"text", "rss<=1MiB"}, {"value", 1048576}}), "1.00 MiB");
}

TEST(LeaveOut, FindsTheOneGuiltyPass) {
  const auto found =
      passes_to_leave_out({"fold", "fuse", "layout"}, [](const auto& left_out) -> Result<bool> {
        return std::find(left_out.begin(), left_out.end(), "fuse") != left_out.end();
      });
  EXPECT_EQ(*found, (std::vector<std::string>{"fuse"}));
  EXPECT_EQ(without_passes("default", *found), "default,-fuse");
}

TEST(LeaveOut, HalvesDownToTheGuiltyPart) {
  std::vector<std::string> sites;
  for (int i = 0; i < 100; ++i) sites.push_back("Rule@node" + std::to_string(i));
  int tries = 0;
  const auto without = [&](std::vector<std::string> guilty) {
    return [&tries, guilty](const std::vector<std::string>& left_out) -> Result<bool> {
      ++tries;
      return std::all_of(guilty.begin(), guilty.end(), [&](const std::string& part) {
        return std::find(left_out.begin(), left_out.end(), part) != left_out.end();
      });
    };
  };
  EXPECT_EQ(*guilty_parts(sites, without({sites[37]})), (std::vector<std::string>{sites[37]}));
  EXPECT_LE(tries, 14);
  const auto two = *guilty_parts(sites, without({sites[10], sites[90]}));
  EXPECT_EQ(two.size(), 100U) << "both halves are needed";
}

TEST(LeaveOut, FindsTwoThatBreakTogether) {
  const auto found = passes_to_leave_out(
      {"fold", "fuse", "layout"},
      [](const auto& left_out) -> Result<bool> { return left_out.size() >= 2; });
  EXPECT_EQ(*found, (std::vector<std::string>{"layout", "fuse"}));
}

TEST(InputRule, FollowsNamesAndTexts) {
  EXPECT_EQ(default_rule("attention_mask", DataType::kInt64).values.kind,
            SeededRule::Kind::kConstant);
  EXPECT_EQ(default_rule("position_ids", DataType::kInt64).values.kind,
            SeededRule::Kind::kArangeLast);
  EXPECT_EQ(default_rule("x", DataType::kFloat, 7).stream, "x#7");
  EXPECT_EQ(parse_rule("mod:1000", "ids", DataType::kInt64)->values.modulus, 1000);
  EXPECT_EQ(parse_rule("range:2:5", "ids", DataType::kInt64)->values.modulus, 4);
  for (const char* text : {"range:1", "mod:0", "const:", "seed:x", "wave:3"})
    EXPECT_FALSE(parse_rule(text, "x", DataType::kFloat).ok()) << text;
}

TEST(Units, ThreeDigitsAndTrueMinus) {
  EXPECT_EQ(number_text(178.25), "178.2");
  EXPECT_EQ(number_text(4.561), "4.56");
  EXPECT_EQ(bytes_text(9835315), "9.38 MiB");
  EXPECT_EQ(percent_text(-0.197), "−19.7 %");
}

}  // namespace
}  // namespace kasuri::profiling
