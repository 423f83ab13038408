#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

// Reads every #include line and fails on an arrow that the architecture does not allow.
namespace {

namespace fs = std::filesystem;

fs::path source_root() {
  const char* root = std::getenv("KASURI_SOURCE");
  return root ? fs::path(root) : fs::current_path();
}

/// Folder prefix -> folders it may include besides itself. The longest matching prefix counts.
const std::map<std::string, std::set<std::string>>& allowed() {
  static const std::set<std::string> kIr = {"engine/base", "engine/ir"};
  static const auto with = [](std::set<std::string> base, const std::set<std::string>& more) {
    base.insert(more.begin(), more.end());
    return base;
  };
  static const std::set<std::string> kBackend = with(kIr, {"engine/rewrite", "engine/backend"});
  static const std::set<std::string> kPlan =
      with(kBackend, {"engine/lower", "engine/loops", "engine/plan"});
  static const std::set<std::string> kEngine =
      with(kPlan, {"engine/onnx", "engine/exec", "engine/codegen", "engine/backend/cpu",
                   "engine/backend/reference", "passes"});
  static const std::map<std::string, std::set<std::string>> kAllowed = {
      {"engine/base", {}},
      {"engine/ir", {"engine/base"}},
      {"engine/rewrite", kIr},
      {"engine/onnx", with(kIr, {"engine/rewrite"})},
      {"engine/loops", kIr},
      {"engine/lower", with(kIr, {"engine/loops"})},
      {"engine/codegen", with(kIr, {"engine/loops"})},
      {"engine/backend", with(kIr, {"engine/rewrite"})},
      {"engine/backend/reference", kBackend},
      {"engine/backend/cpu", with(kBackend, {"engine/loops", "engine/lower", "engine/codegen"})},
      {"engine/plan", kPlan},
      {"engine/exec", kPlan},
      {"passes", with(kIr, {"engine/rewrite"})},
      {"profiling", with(kEngine, {"profiling/sentences"})},
      {"profiling/sentences", {}},
      {"app/cli", with(kEngine, {"profiling"})},
      {"app/session", with(kIr, {"engine/rewrite", "engine/onnx", "profiling/sentences"})},
      {"app/models", {"engine/base", "engine/ir", "app/session"}},
      {"app/style", {}},
      {"app/graph", {"engine/base", "engine/ir", "app/session", "app/models", "app/style"}},
      {"app/charts", {"engine/base", "app/session", "app/models", "app/style"}},
      {"app/panels",
       {"engine/base", "engine/ir", "app/session", "app/models", "app/style", "app/graph",
        "app/charts"}},
  };
  return kAllowed;
}

std::string room_of(const std::string& path) {
  std::string best;
  for (const auto& [folder, _] : allowed())
    if (path.rfind(folder + "/", 0) == 0 && folder.size() > best.size()) best = folder;
  return best;
}

/// Headers that may appear in one room only, and only in its .cpp files.
const std::vector<std::pair<std::regex, std::string>>& heavy() {
  static const std::vector<std::pair<std::regex, std::string>> kHeavy = {
      {std::regex("^llvm/"), "engine/codegen"},
      {std::regex("^(oneapi/)?dnnl"), "engine/backend/cpu"},
      {std::regex("^(jpeglib|png|tiffio|openjpeg)\\.h$|^webp/"), "engine/backend/reference"},
      {std::regex("^google/protobuf|\\.pb\\.h$"), "engine/onnx"},
  };
  return kHeavy;
}

std::vector<fs::path> sources() {
  std::vector<fs::path> files;
  for (const char* top : {"engine", "passes", "profiling", "app"})
    for (const auto& entry : fs::recursive_directory_iterator(source_root() / top))
      if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp")
        files.push_back(entry.path());
  return files;
}

std::vector<std::string> includes_of(const fs::path& file) {
  static const std::regex kInclude("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
  std::vector<std::string> found;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::smatch m;
    if (std::regex_search(line, m, kInclude)) found.push_back(m[1]);
  }
  return found;
}

TEST(Layering, EveryIncludeFollowsTheArrows) {
  for (const fs::path& file : sources()) {
    const std::string name = fs::relative(file, source_root()).string();
    const std::string room = room_of(name);
    if (room.empty()) continue;
    for (const std::string& include : includes_of(file)) {
      const std::string target = room_of(include);
      if (target.empty() || target == room) continue;
      EXPECT_TRUE(allowed().at(room).contains(target)) << name << " includes " << include;
    }
  }
}

TEST(Layering, HeavyHeadersStayInTheirRoom) {
  for (const fs::path& file : sources()) {
    const std::string name = fs::relative(file, source_root()).string();
    for (const std::string& include : includes_of(file))
      for (const auto& [pattern, room] : heavy()) {
        if (!std::regex_search(include, pattern)) continue;
        EXPECT_EQ(room_of(name), room) << name << " includes " << include;
        EXPECT_EQ(file.extension(), ".cpp") << name << " includes " << include;
      }
  }
}

TEST(Layering, OnlyTheWindowKnowsQt) {
  for (const fs::path& file : sources()) {
    const std::string name = fs::relative(file, source_root()).string();
    if (name.rfind("app/", 0) == 0 && name.rfind("app/cli/", 0) != 0) continue;
    for (const std::string& include : includes_of(file))
      EXPECT_FALSE(std::regex_search(include, std::regex("^Q[A-Z]")))
          << name << " includes " << include;
  }
}

TEST(Layering, NoFileOutgrowsItsLimit) {
  for (const fs::path& file : sources()) {
    std::ifstream in(file);
    const auto lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
    EXPECT_LE(lines, 500) << fs::relative(file, source_root()).string();
  }
}

}  // namespace
