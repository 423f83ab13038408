#include "profiling/foreign_profile.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

class ForeignProfile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  Result<json> read(const std::string& text) {
    std::ofstream(path_) << text;
    return read_foreign_profile(path_);
  }
  std::string path_ = (std::filesystem::temp_directory_path() /
                       ("kasuri_foreign_" + std::to_string(getpid()) + ".json"))
                          .string();
};

TEST_F(ForeignProfile, ReadsOnnxRuntimeAndLaysItOverTheSteps) {
  const auto found = read(R"([
    {"cat":"Session","name":"model_run","ph":"X","dur":9000,"args":{}},
    {"cat":"Node","name":"conv1_fence_before","ph":"X","dur":1,"args":{"op_name":"Conv"}},
    {"cat":"Node","name":"conv1_kernel_time","ph":"X","dur":2000,"args":{"op_name":"Conv"}},
    {"cat":"Node","name":"relu_kernel_time","ph":"X","dur":500,"args":{"op_name":"Relu"}},
    {"cat":"Node","name":"conv1_kernel_time","ph":"X","dur":4000,"args":{"op_name":"Conv"}},
    {"cat":"Node","name":"gone_kernel_time","ph":"X","dur":100,"args":{"op_name":"Add"}}])");
  ASSERT_TRUE(found.ok()) << found.error().text();
  EXPECT_EQ((*found)["format"], "onnxruntime");
  ASSERT_EQ((*found)["nodes"].size(), 3u);
  EXPECT_EQ((*found)["nodes"][0],
            (json{{"name", "conv1"}, {"op", "Conv"}, {"median_ms", 3.0}, {"calls", 2}}));
  json report = {{"steps",
                  {{{"name", "conv1+relu"}, {"nodes", {"conv1", "relu"}}},
                   {{"name", "softmax"}, {"nodes", {"softmax"}}}}}};
  overlay_profile(report, *found);
  EXPECT_DOUBLE_EQ(report["steps"][0]["overlay_ms"].get<double>(), 3.5);
  EXPECT_FALSE(report["steps"][1].contains("overlay_ms"));
  EXPECT_EQ(report["overlay"]["matched"], 2);
  EXPECT_EQ(report["overlay"]["unmatched"], json({"gone"}));
}

TEST_F(ForeignProfile, ReadsChromeTraces) {
  const auto found = read(R"({"traceEvents":[{"name":"a","ph":"X","dur":10,"ts":1},
    {"name":"b","ph":"i","ts":1},{"name":7,"ph":"X","dur":1},3]})");
  ASSERT_TRUE(found.ok()) << found.error().text();
  EXPECT_EQ((*found)["format"], "chrome");
  EXPECT_EQ((*found)["nodes"].size(), 1u);
}

TEST_F(ForeignProfile, RefusesEverythingElse) {
  for (const char* text : {"", "no json", "{}", "[]", "[{\"name\":\"x\"}]", "{\"traceEvents\":3}"})
    EXPECT_FALSE(read(text).ok()) << text;
}

}  // namespace
}  // namespace kasuri::profiling
