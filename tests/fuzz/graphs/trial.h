#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/ir/graph.h"

namespace kasuri::testing {

/// Something is wrong with a graph or with what was made of it.
struct Finding {
  /// "structure", "text", "rewrite", "undo", "refusal", "numbers", "nan", "internal", "crash",
  /// "hang".
  std::string kind;
  std::string recipe;  ///< The run it happened in; empty: in none.
  std::string text;
};

/// What to run a graph with besides the reference backend: "raw" (no passes at all) or a recipe,
/// then "@2" for two threads.
using Recipes = std::vector<std::string>;

/// raw, none, default, all and three random subsets of the passes; the same for the same seed.
Recipes recipes_for(uint64_t seed);

/// Everything a well-typed graph promises: the verifier holds, before and after every pass; its
/// text reads back to the same graph, as do those of the rewritten ones; the inverse of each
/// patch restores the graph; the CPU backend gives the reference's numbers with all of `recipes`.
/// The first thing that does not hold.
std::optional<Finding> examine(const Graph& graph, const Recipes& recipes);

/// The same in a process of its own: crashes and hangs are findings too.
std::optional<Finding> examine_apart(const Graph& graph, const Recipes& recipes);

}  // namespace kasuri::testing
