#pragma once

#include <cstdint>
#include <span>

#include "engine/ir/graph.h"

namespace kasuri {

/// Floating-point (or integer) operations of one node: 2 per multiply-add of contractions, one per
/// output element of everything else, 0 for movements of data. 0 where shapes are unknown.
int64_t flops_of(const Graph& graph, const Node& node);

/// Bytes of a value in memory; 0 where its shape is unknown.
int64_t value_bytes(const Graph& graph, ValueId value);

/// Does the node only move or reinterpret data (Reshape, Transpose, Concat, Pad, Cast to the same
/// type, ...)?
bool moves_data_only(const Node& node);

}  // namespace kasuri
