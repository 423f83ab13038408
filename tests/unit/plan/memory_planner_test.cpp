#include "engine/plan/memory_planner.h"

#include <gtest/gtest.h>

#include <random>

namespace kasuri {
namespace {

using Intervals = std::vector<MemoryInterval>;

Intervals random_intervals(unsigned seed, int count, int steps) {
  std::mt19937 random(seed);
  Intervals blocks;
  for (int k = 0; k < count; ++k) {
    const int first = static_cast<int>(random() % static_cast<unsigned>(steps));
    const int last = std::min(steps - 1, first + static_cast<int>(random() % 6));
    blocks.push_back({static_cast<int64_t>(random() % 5000), first, last});
  }
  return blocks;
}

void expect_valid(const Intervals& blocks, const MemoryPlacement& placed) {
  ASSERT_EQ(placed.offsets.size(), blocks.size());
  EXPECT_GE(placed.total_bytes, placed.lower_bound_bytes);
  for (size_t a = 0; a < blocks.size(); ++a) {
    EXPECT_EQ(placed.offsets[a] % kArenaAlignment, 0);
    EXPECT_LE(placed.offsets[a] + blocks[a].bytes, placed.total_bytes);
    for (size_t b = 0; b < a; ++b) {
      if (blocks[a].first > blocks[b].last || blocks[b].first > blocks[a].last) continue;
      const bool apart = placed.offsets[a] + blocks[a].bytes <= placed.offsets[b] ||
                         placed.offsets[b] + blocks[b].bytes <= placed.offsets[a];
      EXPECT_TRUE(apart || blocks[a].bytes == 0 || blocks[b].bytes == 0) << a << " and " << b;
    }
  }
}

TEST(MemoryPlanner, LiveBlocksNeverOverlap) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const Intervals blocks = random_intervals(seed, 1 + static_cast<int>(seed), 20);
    expect_valid(blocks, place(blocks, {}));
  }
}

TEST(MemoryPlanner, ExactSearchIsValidAndNeverWorse) {
  for (unsigned seed = 0; seed < 12; ++seed) {
    const Intervals blocks = random_intervals(seed, 14, 8);
    const MemoryPlacement greedy = place(blocks, {});
    const MemoryPlacement exact = place(blocks, {.exact = true, .search_budget = 1'000'000});
    expect_valid(blocks, exact);
    EXPECT_LE(exact.total_bytes, greedy.total_bytes);
    EXPECT_EQ(exact.lower_bound_bytes, greedy.lower_bound_bytes);
  }
}

TEST(MemoryPlanner, ChainReusesTwoBlocks) {
  Intervals chain;
  for (int k = 0; k < 10; ++k) chain.push_back({1024, k, k + 1});
  const MemoryPlacement placed = place(chain, {});
  EXPECT_EQ(placed.total_bytes, 2048);
  EXPECT_EQ(placed.lower_bound_bytes, 2048);
}

TEST(MemoryPlanner, NothingNeedsNothing) {
  const MemoryPlacement placed = place({}, {.exact = true});
  EXPECT_EQ(placed.total_bytes, 0);
  EXPECT_EQ(placed.lower_bound_bytes, 0);
}

TEST(MemoryPlanner, LiveBytesCountAlignedSizes) {
  const Intervals blocks = {{1, 0, 1}, {65, 1, 2}};
  EXPECT_EQ(live_bytes(blocks, 3), (std::vector<int64_t>{64, 192, 128}));
}

/// The exact search must find the optimum a brute-force search over orders finds.
TEST(MemoryPlanner, ExactSearchFindsTheOptimumOfSmallCases) {
  for (unsigned seed = 100; seed < 110; ++seed) {
    Intervals blocks = random_intervals(seed, 6, 5);
    for (MemoryInterval& b : blocks) b.bytes = (b.bytes % 8 + 1) * 64;
    std::vector<size_t> order = {0, 1, 2, 3, 4, 5};
    int64_t best = INT64_MAX;
    do {  // stacking in every order, each at the lowest place it fits
      std::vector<int64_t> at(blocks.size(), -1);
      int64_t total = 0;
      for (size_t i : order) {
        int64_t offset = 0;
        for (bool moved = true; moved;) {
          moved = false;
          for (size_t j = 0; j < blocks.size(); ++j) {
            if (at[j] < 0 || blocks[i].first > blocks[j].last || blocks[j].first > blocks[i].last)
              continue;
            if (offset < at[j] + blocks[j].bytes && at[j] < offset + blocks[i].bytes) {
              offset = at[j] + blocks[j].bytes;
              moved = true;
            }
          }
        }
        at[i] = offset;
        total = std::max(total, offset + blocks[i].bytes);
      }
      best = std::min(best, total);
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(place(blocks, {.exact = true}).total_bytes, best) << seed;
  }
}

}  // namespace
}  // namespace kasuri
