#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/backend/cpu/post_op.h"
#include "engine/ir/graph.h"

namespace kasuri::cpu {

/// Is this node a function of one number per element, its other inputs being one-element constants?
/// (Add, Mul, Div, Erf, Tanh, Sigmoid, Clip, Pow, ... of float32.)
bool is_scalar_node(const Graph& graph, const Node& node);

/// The value of `result` when `variable` is x, computed through `nodes` (topological order) in
/// double precision. Every node must be a scalar node over `variable`, earlier results and
/// constants.
double evaluate_scalar(const Graph& graph, std::span<const NodeId> nodes, ValueId variable,
                       ValueId result, double x);

/// Which well-known activation (GELU in both forms, SiLU, quick-GELU, HardSwish, Mish) the nodes
/// compute, however they spell it: decided by comparing values at a few hundred points between
/// -1e4 and 1e4 (relative 1e-6), since every spelling is a composition of elementary functions.
std::optional<PostForm> recognise_activation(const Graph& graph, std::span<const NodeId> nodes,
                                             ValueId variable, ValueId result);

}  // namespace kasuri::cpu
