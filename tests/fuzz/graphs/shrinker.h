#pragma once

#include <functional>

#include "tests/fuzz/graphs/trial.h"

namespace kasuri::testing {

/// A smaller graph on which `fails` still holds: outputs and nodes are dropped as long as it does;
/// what dropped nodes gave becomes an input. At most `attempts` calls of `fails`. `graph` itself
/// where nothing smaller fails.
Graph shrunk(const Graph& graph, const std::function<bool(const Graph&)>& fails,
             int attempts = 300);

/// The smallest graph found with the same kind of finding in the same run.
Graph shrunk(const Graph& graph, const Finding& finding, int attempts = 300);

}  // namespace kasuri::testing
