#include "profiling/worker/progress_frames.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

TEST(ProgressFrames, BytesHaveAUnitAndTheSecondsLeft) {
  ProgressFrames frames(7);
  const auto first = frames.frame_of({"Reading the file", 0, 400e6}, 1000);
  EXPECT_EQ(first["id"], 7);
  EXPECT_EQ(first["type"], "progress");
  EXPECT_EQ(first["unit"], "bytes");
  EXPECT_FALSE(first.contains("seconds_left")) << "nothing is known yet";
  const auto later = frames.frame_of({"Reading the file", 100e6, 400e6}, 2000);
  EXPECT_DOUBLE_EQ(later["seconds_left"], 3) << "a quarter took a second";
  EXPECT_EQ(later["done"], 100e6);
}

TEST(ProgressFrames, BytesAreToldAFewTimesASecondButTheLastAlways) {
  ProgressFrames frames(1);
  EXPECT_FALSE(frames.frame_of({"Reading the file", 0, 100}, 0).is_null());
  EXPECT_TRUE(frames.frame_of({"Reading the file", 1, 100}, 1).is_null());
  EXPECT_TRUE(frames.frame_of({"Reading the file", 2, 100}, 49).is_null());
  EXPECT_FALSE(frames.frame_of({"Reading the file", 3, 100}, 50).is_null());
  const auto last = frames.frame_of({"Reading the file", 100, 100}, 51);
  ASSERT_FALSE(last.is_null());
  EXPECT_EQ(last["done"], last["total"]);
}

TEST(ProgressFrames, OtherStagesPassAsTheyAre) {
  ProgressFrames frames(1);
  for (int done = 0; done < 3; ++done) {
    const auto frame = frames.frame_of({"Reading weights", double(done), 3}, done);
    ASSERT_FALSE(frame.is_null());
    EXPECT_FALSE(frame.contains("unit"));
    EXPECT_EQ(frame["stage"], "Reading weights");
  }
}

}  // namespace
}  // namespace kasuri::profiling
