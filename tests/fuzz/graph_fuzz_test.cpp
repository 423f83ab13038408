#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/ir/printer.h"
#include "tests/fuzz/graphs/random_graph.h"
#include "tests/fuzz/graphs/shrinker.h"

// A smoke run: the same graphs every time. Long runs: ./dev fuzz MINUTES.
namespace kasuri::testing {
namespace {

TEST(GraphFuzz, RandomGraphsKeepTheirPromises) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const Graph graph = random_graph(seed);
    const Recipes recipes = recipes_for(seed);
    const auto finding = examine_apart(graph, {recipes[seed % 4], recipes.back()});
    EXPECT_FALSE(finding.has_value())
        << finding->kind << " with " << finding->recipe << ": " << finding->text << "\n"
        << print_graph(graph, {.max_elements = 64});
  }
}

TEST(GraphFuzz, GraphsAreTheSameForTheSameSeedAndVaried) {
  std::set<std::string> operators;
  for (uint64_t seed = 1; seed <= 600; ++seed) {
    const Graph graph = random_graph(seed);
    for (NodeId id : graph.node_ids()) operators.insert(graph.node(id).op.name);
    if (seed <= 20) {
      EXPECT_EQ(graph.fingerprint().hex(), random_graph(seed).fingerprint().hex()) << seed;
    }
  }
  EXPECT_GT(operators.size(), 110U) << ::testing::PrintToString(operators);
}

TEST(GraphFuzz, ShrinkingKeepsWhatFailsAndNothingElse) {
  int shrunk_graphs = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const auto fails = [](const Graph& graph) {
      for (NodeId id : graph.node_ids())
        if (graph.node(id).is("MatMul")) return true;
      return false;
    };
    const Graph graph = random_graph(seed);
    if (!fails(graph)) continue;
    const Graph small = shrunk(graph, fails);
    EXPECT_EQ(small.node_count(), 1U) << print_graph(small, {.max_elements = 8});
    ++shrunk_graphs;
  }
  EXPECT_GT(shrunk_graphs, 5);
}

}  // namespace
}  // namespace kasuri::testing
