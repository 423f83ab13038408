#include "profiling/comparison.h"

#include <gtest/gtest.h>

#include <random>

#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

class MadeUpSide : public TimedSide {
 public:
  MadeUpSide(std::string name, double ms, unsigned seed)
      : name_(std::move(name)), noise_(ms, ms * 0.01), random_(seed) {}
  const std::string& name() const override { return name_; }
  Result<std::vector<double>> run_block(int iterations, const TaskContext& context) override {
    if (cancel_after > 0 && --cancel_after == 0) context.cancel.cancel();
    order_.push_back(name_);
    std::vector<double> times;
    for (int i = 0; i < iterations; ++i) times.push_back(noise_(random_));
    return times;
  }
  int cancel_after = 0;
  static inline std::vector<std::string> order_;

 private:
  std::string name_;
  std::normal_distribution<double> noise_;
  std::mt19937 random_;
};

TEST(Comparison, BlocksAlternateInRandomOrderAndPair) {
  MadeUpSide before("before", 5, 1), after("after", 4, 2);
  std::array<TimedSide*, 2> sides = {&before, &after};
  MadeUpSide::order_.clear();
  const auto times = alternate_blocks(sides, std::array{5.0, 4.0}, {}, {});
  ASSERT_TRUE(times.ok());
  EXPECT_EQ(times->blocks_done, 61);
  EXPECT_EQ(times->sides[0].block_medians.size(), times->sides[1].block_medians.size());
  EXPECT_GE(times->sides[0].samples.size(), kSamplesForP90);
  int before_first = 0;
  for (size_t i = 0; i < MadeUpSide::order_.size(); i += 2) {
    EXPECT_NE(MadeUpSide::order_[i], MadeUpSide::order_[i + 1]);
    before_first += MadeUpSide::order_[i] == "before";
  }
  EXPECT_GT(before_first, 15);
  EXPECT_LT(before_first, 46);
  EXPECT_EQ(compare_blocks(times->sides[0].block_medians, times->sides[1].block_medians).verdict,
            Verdict::kFaster);
}

TEST(Comparison, CancellingKeepsEnoughBlocksAsPartial) {
  MadeUpSide before("before", 5, 1), after("after", 4, 2);
  std::array<TimedSide*, 2> sides = {&before, &after};
  before.cancel_after = 12;
  const auto times = alternate_blocks(sides, std::array{5.0, 4.0}, {}, {});
  ASSERT_TRUE(times.ok());
  EXPECT_TRUE(times->partial);
  EXPECT_EQ(times->blocks_done, 11);
}

TEST(Comparison, CancellingEarlyIsCancelled) {
  MadeUpSide before("before", 5, 1), after("after", 4, 2);
  std::array<TimedSide*, 2> sides = {&before, &after};
  before.cancel_after = 2;
  const auto times = alternate_blocks(sides, std::array{5.0, 4.0}, {}, {});
  ASSERT_FALSE(times.ok());
  EXPECT_EQ(times.error().kind(), ErrorKind::kCancelled);
}

TEST(Comparison, IterationsAdaptToTheLengthOfARun) {
  const BlockOptions options{.blocks = 21};
  EXPECT_EQ(iterations_for(1.0, options), 40);
  EXPECT_EQ(iterations_for(100.0, options), 3);   // enough for a p90 over 21 blocks
  EXPECT_EQ(iterations_for(1000.0, options), 1);  // slow: one
  EXPECT_EQ(iterations_for(1000.0, {.blocks = 21, .samples = 84}), 4);
  EXPECT_EQ(iterations_for(10.0, {.blocks = 21, .min_seconds = 21}), 100);
}

}  // namespace
}  // namespace kasuri::profiling
