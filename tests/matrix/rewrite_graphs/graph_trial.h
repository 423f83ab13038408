#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace kasuri::testing {

/// The recipes every graph is tried with: "none", each pass of the catalogue alone, "default",
/// "all".
std::vector<std::string> trial_recipes();

/// What became of one graph.
struct GraphTrial {
  bool imported = false;
  std::string import_failure;  ///< Why not.
  std::string run_failure;     ///< Empty: the unmodified graph runs on the reference backend.
  std::string type_failure;    ///< Empty: every node gave the type that was inferred for it.
  /// By recipe, why the optimised graph on the CPU differs from the unmodified one on the reference
  /// backend; recipes that agree are absent.
  std::map<std::string, std::string> recipe_failures;
  std::set<std::string> fired;  ///< Passes that changed something when they ran alone.
  std::string seeds;            ///< Which extents and integers it ran with.

  bool runs() const { return imported && run_failure.empty(); }
  bool passes() const { return runs() && type_failure.empty() && recipe_failures.empty(); }
  /// One line per failure.
  std::string text() const;
};

/// Imports the graph with small extents for its dynamic dimensions, runs it with seeded inputs on
/// the reference backend, and with every recipe on the CPU backend. Of several seeds the first
/// that the reference backend accepts counts (an index may be out of range with the others). Where
/// an operator cannot run, it is checked that plan or run say which.
GraphTrial try_graph(const std::string& path);

}  // namespace kasuri::testing
