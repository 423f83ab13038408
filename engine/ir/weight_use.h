#pragma once

#include <map>

#include "engine/ir/graph.h"
#include "engine/ir/seeded_weights.h"

namespace kasuri {

/// First use of each constant of `graph`, by name, in topological order, bodies at the place of
/// their node.
std::map<std::string, WeightUse> weight_uses(const Graph& graph);

/// The use of one input of a node, were it a weight.
WeightUse weight_use(const Node& node, size_t input);

}  // namespace kasuri
