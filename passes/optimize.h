#pragma once

#include <vector>

#include "engine/rewrite/pass_manager.h"
#include "passes/catalogue.h"

namespace kasuri {

/// SPEC -> recipe, checked against the catalogue.
inline Result<Recipe> parse_recipe(std::string_view spec) {
  return Recipe::parse(spec, catalogue());
}

/// Runs the catalogue's passes as the recipe says. Preparation (types, constant folding with shape
/// propagation, dead code) always runs, for `none` too.
Result<OptimizedGraph> optimize(const Graph& imported, const Recipe& recipe,
                                const Services& services, const TaskContext& context);

/// What each rule did or declined per site, and why, with this recipe; the graph is left alone.
Result<std::vector<RewriteEntry>> check_sites(const Graph& imported, const Recipe& recipe,
                                              const Services& services, const TaskContext& context);

}  // namespace kasuri
