#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/loops/access.h"
#include "engine/loops/simplify.h"
#include "tests/support/random_nest.h"
#include "tests/support/run_nest.h"

namespace kasuri::loops {
namespace {

constexpr uint64_t kSeeds = 250;

void expect_same(const Nest& before, const Nest& after, uint64_t seed) {
  ASSERT_TRUE(verify(after).ok()) << "seed " << seed << ": " << verify(after).error().text();
  const Outcome expected = run_nest(before, seed), found = run_nest(after, seed);
  ASSERT_EQ(expected.error, found.error);
  ASSERT_TRUE(expected == found) << "seed " << seed << "\n" << print(before) << print(after);
}

TEST(Property, SimplifyKeepsTheResult) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Nest nest = random_nest(seed);
    const Nest simple = simplify(nest);
    expect_same(nest, simple, seed);
    EXPECT_LE(division_count(simple), division_count(nest)) << print(nest) << print(simple);
  }
}

TEST(Property, StitchKeepsTheResult) {
  int stitched = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Nest nest = random_nest(seed);
    const Nest after = stitch(nest);
    stitched += after.outer_rank > 0;
    expect_same(nest, after, seed);
    expect_same(nest, simplify(after), seed);
    expect_same(nest, stitch(simplify(nest)), seed);
  }
  EXPECT_GT(stitched, 20);
}

TEST(Property, InlineKeepsTheResult) {
  int inlined = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Nest nest = random_nest(seed);
    for (int b = 0; b < static_cast<int>(nest.buffers.size()); ++b) {
      const auto after = inline_buffer(nest, b);
      if (!after.ok()) continue;
      ++inlined;
      expect_same(nest, *after, seed);
      EXPECT_TRUE(inline_cost(nest, b).ok());
    }
  }
  EXPECT_GT(inlined, 200);
}

TEST(Property, InliningAllThatIsLegalKeepsTheResult) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Nest nest = random_nest(seed);
    Nest after = nest;
    for (int b = 0; b < static_cast<int>(after.buffers.size()) && after.stages.size() > 1; ++b)
      if (auto next = inline_buffer(after, b); next.ok()) {
        after = std::move(*next);
        b = -1;
      }
    expect_same(nest, after, seed);
    expect_same(nest, simplify(after), seed);
  }
}

TEST(Property, FuseKeepsTheResult) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Nest nest = random_nest(seed);
    const Nest fused = fuse(nest);
    expect_same(nest, fused, seed);
    EXPECT_LE(fused.stages.size(), nest.stages.size());
    EXPECT_EQ(print(fused), print(simplify(fused))) << "simplify changes its own result";
  }
}

TEST(Property, LocalBytesCoverWhatAnOuterPointWrites) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const Nest fused = fuse(random_nest(seed));
    for (int b = 0; b < static_cast<int>(fused.buffers.size()); ++b) {
      if (fused.buffers[b].role != BufferRole::kLocal) continue;
      const int64_t all = static_cast<int64_t>(
          bytes_for(fused.buffers[b].dtype, count_of(fused.buffers[b].extents)));
      EXPECT_LE(local_bytes(fused, b), std::max<int64_t>(all, 8)) << print(fused);
    }
  }
}

}  // namespace
}  // namespace kasuri::loops
