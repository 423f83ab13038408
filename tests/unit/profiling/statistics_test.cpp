#include "profiling/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace kasuri::profiling {
namespace {

TEST(Statistics, MedianOfEvenCountIsTheMeanOfTheMiddle) {
  EXPECT_DOUBLE_EQ(median({4, 1, 3, 2}), 2.5);
  EXPECT_TRUE(std::isnan(median({})));
}

TEST(Statistics, PercentilesAreRefusedWithTooFewSamples) {
  EXPECT_EQ(percentile(std::vector<double>(49, 1.0), 90).why, "p90 needs 50 samples, has 49");
  EXPECT_TRUE(percentile(std::vector<double>(50, 1.0), 90).value.has_value());
  EXPECT_FALSE(percentile(std::vector<double>(499, 1.0), 99).value.has_value());
  EXPECT_TRUE(percentile(std::vector<double>(500, 1.0), 99).value.has_value());
}

TEST(Statistics, OutliersAreFlagged) {
  EXPECT_EQ(outliers({1.0, 1.01, 0.99, 1.02, 0.98, 3.0}), (std::vector<size_t>{5}));
}

// R: wilcox.test(c(1.83,.5,1.62,2.48,1.68,1.88,1.55,3.06,1.3), conf.int=TRUE, conf.level=0.95)
// gives the interval [1.29, 2.08] with the exact distribution (cut = 6 of 45).
TEST(Statistics, HodgesLehmannMatchesTheExactSignedRankInterval) {
  const Interval got = hodges_lehmann({1.83, .5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3}, 0.95);
  EXPECT_NEAR(got.estimate, 1.71, 0.1);
  EXPECT_LT(got.low, got.estimate);
  EXPECT_GT(got.high, got.estimate);
  EXPECT_GT(got.low, 0.5);
  EXPECT_LT(got.high, 3.06);
}

TEST(Statistics, TooFewBlocksCannotDecide) {
  EXPECT_EQ(compare_blocks({10, 11, 10.5}, {9, 9.5, 10.4}).verdict, Verdict::kUndecided);
}

std::vector<double> blocks(std::mt19937& random, double centre, double noise, size_t count) {
  std::normal_distribution<double> draw(1.0, noise);
  std::vector<double> out;
  for (size_t i = 0; i < count; ++i) out.push_back(centre * draw(random));
  return out;
}

TEST(Statistics, FalseAlarmsAreRareAndFivePercentIsFound) {
  std::mt19937 random(7);
  int alarms = 0, found = 0;
  for (int run = 0; run < 400; ++run) {
    const auto base = blocks(random, 10, 0.02, 21);
    const Verdict same = compare_blocks(base, blocks(random, 10, 0.02, 21)).verdict;
    alarms += same == Verdict::kFaster || same == Verdict::kSlower;
    found += compare_blocks(base, blocks(random, 10.5, 0.02, 21)).verdict == Verdict::kSlower;
  }
  EXPECT_LE(alarms, 8);
  EXPECT_GE(found, 380);
}

TEST(Statistics, SmallRealDifferencesAreCalledTheSame) {
  std::mt19937 random(3);
  EXPECT_EQ(compare_blocks(blocks(random, 10, 0.002, 21), blocks(random, 10.08, 0.002, 21)).verdict,
            Verdict::kSame);
  EXPECT_EQ(compare_blocks(blocks(random, 10, 0.002, 21), blocks(random, 9, 0.002, 21)).verdict,
            Verdict::kFaster);
}

}  // namespace
}  // namespace kasuri::profiling
