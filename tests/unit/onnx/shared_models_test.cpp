#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "engine/ir/parser.h"
#include "engine/ir/printer.h"
#include "engine/ir/verifier.h"
#include "engine/onnx/exporter.h"
#include "engine/onnx/importer.h"

namespace kasuri {
namespace {
namespace fs = std::filesystem;

fs::path source() {
  const char* root = std::getenv("KASURI_SOURCE");
  return root ? root : ".";
}

fs::path shared_models() {
  const char* shared = std::getenv("KASURI_SHARED");
  return (shared ? fs::path(shared) : source() / "../shared") / "models";
}

/// One line per statement, order set aside.
std::multiset<std::string> lines_of(const Graph& graph) {
  PrintOptions options;
  options.max_elements = 64;
  const std::string text = print_graph(graph, options);
  std::multiset<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    lines.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

class SharedModels : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!fs::exists(shared_models() / GetParam()))
      GTEST_SKIP() << shared_models() / GetParam() << " is absent";
  }
};

TEST_P(SharedModels, EveryFileSurvivesExportAndText) {
  int files = 0;
  const fs::path out = fs::temp_directory_path() / ("kasuri-rt-" + GetParam() + ".onnx");
  for (const auto& entry : fs::recursive_directory_iterator(shared_models() / GetParam())) {
    const fs::path& file = entry.path();
    if (file.extension() != ".onnx" || file.string().find(".stripped.") != std::string::npos)
      continue;
    SCOPED_TRACE(file.string());
    const auto model = import_model(file.string());
    if (!model.ok()) {
      EXPECT_NE(model.error().text().find("--synthesize-weights"), std::string::npos)
          << model.error().text();
      continue;
    }
    ++files;
    const Status good = verify_graph(model->graph);
    EXPECT_TRUE(good.ok()) << (good.ok() ? "" : good.error().text());
    const Status written = write_model(out.string(), model->graph);
    ASSERT_TRUE(written.ok()) << written.error().text();
    const auto again = import_model(out.string());
    ASSERT_TRUE(again.ok()) << again.error().text();
    const Status stable = write_model(out.string(), again->graph);
    ASSERT_TRUE(stable.ok());
    const auto third = import_model(out.string());
    ASSERT_TRUE(third.ok()) << third.error().text();
    EXPECT_EQ(lines_of(third->graph), lines_of(again->graph));
    EXPECT_EQ(third->graph.node_count(), again->graph.node_count());
    ASSERT_EQ(again->graph.outputs().size(), model->graph.outputs().size());
    for (size_t i = 0; i < model->graph.outputs().size(); ++i)
      EXPECT_EQ(again->graph.outputs()[i].name, model->graph.outputs()[i].name);
    if (fs::file_size(file) > 300'000) continue;
    const std::string text = print_graph(model->graph);
    const auto parsed = parse_graph(text);
    ASSERT_TRUE(parsed.ok()) << parsed.error().text();
    EXPECT_EQ(print_graph(*parsed), text);
  }
  fs::remove(out);
  EXPECT_GT(files, 0);
}

INSTANTIATE_TEST_SUITE_P(Folders, SharedModels,
                         ::testing::Values("control_flow", "full", "light", "quantized",
                                           "trained"));

TEST(SampleModels, ReadAndVerify) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(source() / "resources/models")) {
    if (entry.path().extension() != ".ktxt") continue;
    ++files;
    const auto model = import_model(entry.path().string());
    ASSERT_TRUE(model.ok()) << model.error().text();
    EXPECT_TRUE(verify_graph(model->graph).ok());
    EXPECT_GT(model->graph.node_count(), 50u);
    EXPECT_GT(model->weight_bytes, 0);
    const auto again = parse_graph(print_graph(model->graph));
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(again->fingerprint(), model->graph.fingerprint());
  }
  EXPECT_EQ(files, 2);
}

TEST(StrippedModels, GetTheirWeights) {
  fs::path found;
  if (fs::exists(shared_models() / "light"))
    for (const auto& e : fs::directory_iterator(shared_models() / "light"))
      if (e.path().string().find("timm_mobileone_s0") != std::string::npos) found = e.path();
  if (found.empty()) GTEST_SKIP() << shared_models() / "light" << " is absent";
  const fs::path cache = fs::temp_directory_path() / "kasuri-stripped-test";
  ::setenv("KASURI_CACHE", cache.c_str(), 1);
  ImportOptions options;
  options.synthesize_weights = true;
  const auto model = import_model(found.string(), options);
  ASSERT_TRUE(model.ok()) << model.error().text();
  EXPECT_TRUE(model->synthesized_weights);
  EXPECT_GT(model->weight_bytes, 1 << 20);
  fs::remove_all(cache);
}

}  // namespace
}  // namespace kasuri
