#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/matrix/rewrite_graphs/graph_trial.h"

// Small graphs that others use to test fusions, layout and QDQ rewrites: every one is imported and
// run with each pass alone and with all. rewrite_graphs_skips.txt lists those that cannot, each
// with its reason; a listed graph that passes is a failure too. KASURI_CASE runs only the graphs
// whose name holds it.
namespace kasuri {
namespace {

namespace fs = std::filesystem;
using testing::GraphTrial;

fs::path source_root() {
  const char* root = std::getenv("KASURI_SOURCE");
  return root ? fs::path(root) : fs::current_path();
}

/// The unpacked graphs; empty where the archive is absent.
fs::path graph_root() {
  const char* given = std::getenv("KASURI_SHARED");
  const fs::path shared = given ? fs::path(given) : source_root() / ".." / "shared";
  const fs::path archive = shared / "ort-rewrite-graphs.tar.gz";
  const fs::path unpacked = source_root() / "build" / "rewrite-graphs";
  if (fs::exists(unpacked / "complete")) return unpacked / "ort-testdata";
  if (!fs::exists(archive)) return {};
  fs::create_directories(unpacked);
  const std::string command = fmt::format("tar -C '{0}' -xzf '{1}' && touch '{0}/complete'",
                                          unpacked.string(), fs::absolute(archive).string());
  return std::system(command.c_str()) == 0 ? unpacked / "ort-testdata" : fs::path();
}

std::map<std::string, std::string> read_skips() {
  std::map<std::string, std::string> skips;
  std::ifstream file(source_root() / "tests/matrix/rewrite_graphs_skips.txt");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with('#') || colon == std::string::npos) continue;
    skips[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return skips;
}

std::vector<std::string> graph_names(const fs::path& root) {
  const char* only = std::getenv("KASURI_CASE");
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = fs::relative(entry.path(), root).string();
    if (entry.path().extension() != ".onnx") continue;
    if (!only || name.find(only) != std::string::npos) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// All trials, on two threads.
std::vector<GraphTrial> try_all(const fs::path& root, const std::vector<std::string>& names) {
  std::vector<GraphTrial> trials(names.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < names.size(); i = next++) {
      const auto start = std::chrono::steady_clock::now();
      trials[i] = testing::try_graph(root / names[i]);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      if (taken.count() > 3) fmt::print("{}: {:.1f} s\n", names[i], taken.count());
    }
  };
  std::thread other(work);
  work();
  other.join();
  return trials;
}

void print_table(const std::vector<GraphTrial>& trials) {
  const auto count = [&](auto holds) { return std::count_if(trials.begin(), trials.end(), holds); };
  fmt::print("{:>6} graphs\n{:>6} imported\n{:>6} run on the reference backend\n", trials.size(),
             count([](const GraphTrial& t) { return t.imported; }),
             count([](const GraphTrial& t) { return t.runs(); }));
  fmt::print("{:>12}  {:>5}  {:>5}\n", "passes", "equal", "fired");
  for (const std::string& recipe : testing::trial_recipes()) {
    const auto equal = [&](const GraphTrial& t) {
      return t.runs() && !t.recipe_failures.contains(recipe) &&
             !t.recipe_failures.contains("internal");
    };
    fmt::print("{:>12}  {:>5}  {:>5}\n", recipe, count(equal),
               count([&](const GraphTrial& t) { return t.fired.contains(recipe); }));
  }
}

TEST(RewriteGraphs, EveryPassKeepsTheOutputs) {
  const fs::path root = graph_root();
  if (root.empty()) GTEST_SKIP() << "no ort-rewrite-graphs.tar.gz in the shared folder";
  const std::vector<std::string> names = graph_names(root);
  if (!std::getenv("KASURI_CASE")) {
    EXPECT_EQ(names.size(), 724u);
  }
  const std::vector<GraphTrial> trials = try_all(root, names);
  const std::map<std::string, std::string> skips = read_skips();
  std::map<std::string, int> reasons;
  for (size_t i = 0; i < names.size(); ++i) {
    const auto skip = skips.find(names[i]);
    if (skip == skips.end()) {
      EXPECT_TRUE(trials[i].passes()) << names[i] << trials[i].text();
      continue;
    }
    EXPECT_FALSE(trials[i].passes())
        << names[i] << " passes now: remove it from rewrite_graphs_skips.txt";
    EXPECT_FALSE(trials[i].recipe_failures.contains("internal")) << names[i] << trials[i].text();
    // What cannot run is refused in the same words whatever the recipe.
    if (!trials[i].runs()) {
      EXPECT_TRUE(trials[i].recipe_failures.empty()) << names[i] << trials[i].text();
    }
    ++reasons[skip->second];
  }
  print_table(trials);
  for (const auto& [reason, number] : reasons) fmt::print("{:>6} listed: {}\n", number, reason);
}

}  // namespace
}  // namespace kasuri
