#include <gmock/gmock.h>
#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/command_test.h"

// A run in a process with little memory: it fits, or the step and the bytes are named.
namespace kasuri::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class Box : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    if (IsSkipped()) return;
    // One step between two tensors of 64 MiB; in and out hardly anything.
    wide_ = file("wide.ktxt");
    std::ofstream(wide_) << R"(graph "wide" {
  opset "" 17
  input %x : float32[4096,1]
  input %y : float32[1,4096]
  %wide = MatMul(%x, %y)
  %soft = Softmax(%wide) {axis = -1}
  %z = MatMul(%soft, %x)
  output "z" = %z
}
)";
  }

  std::string wide_;
};

TEST_F(Box, FitsOrNamesTheStepAndItsBytes) {
  for (const char* how : {"KASURI_BOX=rlimit", "KASURI_BOX="}) {
    const Ran fits = run("run " + wide_ + " --json --box-memory 1G", how);
    EXPECT_EQ(fits.code, 0) << how << ": " << fits.text;
    const json good = json::parse(fits.text)["box"];
    EXPECT_EQ(good["fits"], true);
    EXPECT_LE(good["peak_bytes"].get<int64_t>(), int64_t{1} << 30);
    const Ran fails = run("run " + wide_ + " --passes none --json --box-memory 90MiB", how);
    EXPECT_EQ(fails.code, 4) << how << ": " << fails.text;
    const json bad = json::parse(fails.text)["box"];
    EXPECT_EQ(bad["fits"], false) << how;
    ASSERT_TRUE(bad["step"].is_object()) << how << ": " << bad.dump();
    EXPECT_GE(bad["step"]["live_bytes"].get<int64_t>(), int64_t{64} << 20);
    EXPECT_GE(bad["step"]["needs_bytes"].get<int64_t>(), int64_t{64} << 20);
    EXPECT_GT(bad["needed_bytes"].get<int64_t>(), int64_t{128} << 20);
    EXPECT_THAT(bad["why"].get<std::string>(), HasSubstr(bad["step"]["name"].get<std::string>()));
  }
}

TEST_F(Box, IsARequirementOfAComparison) {
  const std::string plainly = " --after none --blocks 9 --no-memory --no-fidelity --json --quiet";
  const Ran ran = run("compare " + model_ + plainly + " --require 'box<=20MiB'");
  EXPECT_EQ(ran.code, 4) << ran.text;
  const json report = json::parse(ran.text);
  EXPECT_EQ(report["requirements"][0]["met"], false);
  EXPECT_FALSE(report["requirements"][0]["why"].get<std::string>().empty());
  EXPECT_EQ(report["sides"][0]["box"]["fits"], false);
  EXPECT_EQ(report["conclusion"]["decision"], "no-go");
}

TEST_F(Box, IsASizeAndOnlyOne) {
  EXPECT_EQ(run("run " + wide_ + " --box-memory lots").code, 1);
  EXPECT_EQ(run("run " + wide_ + " --box-memory 0").code, 1);
  const Ran two = run("compare " + wide_ + " --box-memory 1G --require 'box<=2GiB'");
  EXPECT_EQ(two.code, 1);
  EXPECT_THAT(two.text, HasSubstr("two boxes"));
}

}  // namespace
}  // namespace kasuri::test
