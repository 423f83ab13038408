#include <gmock/gmock.h>
#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/cli/command_test.h"

// --memory-limit of run, profile and compare: what fits runs, what does not is refused with the
// node and its bytes.
namespace kasuri::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class MemoryLimitOption : public CommandTest {};

TEST_F(MemoryLimitOption, HoldsForRunProfileAndCompare) {
  for (const std::string command : {"run", "profile", "compare --no-memory --blocks 9"}) {
    const Ran ran = run(command + " " + model_ + " --memory-limit 16K");
    EXPECT_EQ(ran.code, 1) << command << ": " << ran.text;
    EXPECT_THAT(ran.text, AllOf(HasSubstr("bytes"), HasSubstr("the limit is 16384"))) << command;
  }
  EXPECT_EQ(run("run " + model_ + " --memory-limit 2G").code, 0);
  EXPECT_EQ(run("run " + model_ + " --memory-limit 64MiB --backend reference").code, 0);
}

TEST_F(MemoryLimitOption, HoldsForPlanFiles) {
  const auto plan = std::filesystem::temp_directory_path() /
                    ("kasuri_limit_" + std::to_string(getpid()) + ".kplan");
  ASSERT_EQ(run("optimize " + model_ + " --plan " + plan.string()).code, 0);
  EXPECT_EQ(run("run " + plan.string() + " --memory-limit 64MiB").code, 0);
  const Ran ran = run("run " + plan.string() + " --memory-limit 16K");
  EXPECT_EQ(ran.code, 1) << ran.text;
  EXPECT_THAT(ran.text, HasSubstr("the limit is 16384"));
  std::filesystem::remove(plan);
}

TEST_F(MemoryLimitOption, IsASize) {
  for (const char* text : {"lots", "-1", "2X", "inf", "nan", "1e300", "99999999999G", "G", "1 G"}) {
    const Ran ran = run("run " + model_ + " --memory-limit '" + std::string(text) + "'");
    EXPECT_EQ(ran.code, 1) << text << ": " << ran.text;
    EXPECT_THAT(ran.text, HasSubstr("is not a size")) << text;
  }
}

}  // namespace
}  // namespace kasuri::test
