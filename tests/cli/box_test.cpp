#include <gmock/gmock.h>
#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

// A run in a process with little memory: it fits, or the step and the bytes are named.
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

struct Ran {
  int code = -1;
  std::string text;
};

class Box : public testing::Test {
 protected:
  void SetUp() override {
    const char *bin = std::getenv("KASURI_BIN"), *source = std::getenv("KASURI_SOURCE");
    if (bin == nullptr || source == nullptr) GTEST_SKIP() << "KASURI_BIN is not set";
    program_ = std::string(bin) + "/kasuri";
    small_ = std::string(source) + "/resources/models/small_cnn.ktxt";
    folder_ = fs::temp_directory_path() / ("kasuri_box_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    // One step between two tensors of 64 MiB; in and out hardly anything.
    model_ = (folder_ / "wide.ktxt").string();
    std::ofstream(model_) << R"(graph "wide" {
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
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Ran run(const std::string& arguments, const std::string& before = "") const {
    const std::string command = before + " timeout 100 '" + program_ + "' " + arguments + " 2>&1";
    Ran ran;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> bytes;
    for (size_t got; (got = fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
      ran.text.append(bytes.data(), got);
    ran.code = WEXITSTATUS(pclose(pipe));
    return ran;
  }

  std::string program_, model_, small_;
  fs::path folder_;
};

TEST_F(Box, FitsOrNamesTheStepAndItsBytes) {
  for (const char* how : {"KASURI_BOX=rlimit", "KASURI_BOX="}) {
    const Ran fits = run("run " + model_ + " --json --box-memory 1G", how);
    EXPECT_EQ(fits.code, 0) << how << ": " << fits.text;
    const json good = json::parse(fits.text)["box"];
    EXPECT_EQ(good["fits"], true);
    EXPECT_LE(good["peak_bytes"].get<int64_t>(), int64_t{1} << 30);
    const Ran fails = run("run " + model_ + " --passes none --json --box-memory 90MiB", how);
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
  const Ran ran = run("compare " + small_ + plainly + " --require 'box<=20MiB'");
  EXPECT_EQ(ran.code, 4) << ran.text;
  const json report = json::parse(ran.text);
  EXPECT_EQ(report["requirements"][0]["met"], false);
  EXPECT_FALSE(report["requirements"][0]["why"].get<std::string>().empty());
  EXPECT_EQ(report["sides"][0]["box"]["fits"], false);
  EXPECT_EQ(report["conclusion"]["decision"], "no-go");
}

TEST_F(Box, IsASizeAndOnlyOne) {
  EXPECT_EQ(run("run " + model_ + " --box-memory lots").code, 1);
  EXPECT_EQ(run("run " + model_ + " --box-memory 0").code, 1);
  const Ran two = run("compare " + model_ + " --box-memory 1G --require 'box<=2GiB'");
  EXPECT_EQ(two.code, 1);
  EXPECT_THAT(two.text, HasSubstr("two boxes"));
}

}  // namespace
