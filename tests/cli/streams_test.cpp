#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/cli/command_test.h"

// --streams: throughput of several runs at the same time, measured beside the latency of one.
namespace kasuri::test {
namespace {

using nlohmann::json;

class Streams : public CommandTest {};

TEST_F(Streams, ThroughputOfSeveralIsMeasuredAndMeetsRequirements) {
  const std::string out = file("out.json");
  ASSERT_EQ(exit_code_of(
                "compare " + model_ +
                " --streams 2 --blocks 9 --no-memory --no-fidelity --require 'throughput>=0.001/s' "
                "--quiet --json > " +
                out),
            0);
  const json report = json::parse(text_of(out), nullptr, false);
  for (const json& side : report["sides"]) {
    const json& found = side["throughput"];
    EXPECT_EQ(side["streams"], 2);
    EXPECT_EQ(found["streams"], 2);
    EXPECT_EQ(found["rounds"].size(), 5u);
    EXPECT_GT(found["low"].get<double>(), 0);
    EXPECT_LE(found["low"].get<double>(), found["items_per_s"].get<double>());
    EXPECT_LE(found["items_per_s"].get<double>(), found["high"].get<double>());
  }
  EXPECT_GT(report["deltas"][0]["throughput"]["ratio"].get<double>(), 0);
  EXPECT_EQ(report["requirements"][0]["value"], report["sides"][1]["throughput"]["items_per_s"]);
  EXPECT_NE(report["command"].get<std::string>().find("--streams 2"), std::string::npos);
}

TEST_F(Streams, AProfileHasIt) {
  const std::string out = file("out.json");
  ASSERT_EQ(exit_code_of("profile " + model_ + " --samples 2 --streams 2 --quiet --json > " + out),
            0);
  const json report = json::parse(text_of(out), nullptr, false);
  EXPECT_EQ(report["throughput"]["streams"], 2);
  EXPECT_GT(report["throughput"]["items_per_s"].get<double>(), 0);
}

TEST_F(Streams, CpusAreNamedOneForEachThread) {
  const Ran ran = run("run " + model_ + " --threads 2 --cpus 0");
  EXPECT_EQ(ran.code, 1) << ran.text;
  EXPECT_NE(ran.text.find("one for each thread"), std::string::npos) << ran.text;
}

TEST_F(Streams, BadNumbersAreRefusedInOneLine) {
  for (const char* number : {"0", "65", "two"}) {
    const Ran ran = run("compare " + model_ + " --streams " + number);
    EXPECT_EQ(ran.code, 2) << ran.text;
  }
  const Ran side = run("compare " + model_ + " --quiet --side a: --side b:streams=65");
  EXPECT_EQ(side.code, 1);
  EXPECT_EQ(std::count(side.text.begin(), side.text.end(), '\n'), 1) << side.text;
  EXPECT_NE(side.text.find("streams"), std::string::npos) << side.text;
}

}  // namespace
}  // namespace kasuri::test
