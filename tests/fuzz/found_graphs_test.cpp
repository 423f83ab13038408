#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/ir/parser.h"
#include "engine/ir/shape_inference.h"
#include "tests/fuzz/graphs/trial.h"

// Graphs that once failed, shrunk and stored as text.
namespace kasuri::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> found_graphs() {
  const char* source = std::getenv("KASURI_SOURCE");
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(source ? source : ".") / "tests/fuzz/found"))
    if (entry.path().extension() == ".ktxt") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST(FoundGraphs, StayMended) {
  const auto files = found_graphs();
  EXPECT_FALSE(files.empty());
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename().string());
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    auto read = parse_graph(text.str());
    ASSERT_TRUE(read.ok()) << read.error().text();
    const auto graph = infer_graph(*std::move(read));
    ASSERT_TRUE(graph.ok()) << graph.error().text();
    const auto finding = examine_apart(*graph, {"raw", "none", "default@2", "all"});
    EXPECT_FALSE(finding.has_value())
        << finding->kind << " with " << finding->recipe << ": " << finding->text;
  }
}

}  // namespace
}  // namespace kasuri::testing
