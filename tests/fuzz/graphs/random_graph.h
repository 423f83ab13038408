#pragma once

#include "engine/ir/graph.h"

namespace kasuri::testing {

/// A random well-typed graph, the same for the same seed: 1 to 25 steps over elementwise operators
/// with broadcasting, reductions, contractions, convolutions, pooling, normalisation (as operators
/// and spelt out), movements, gathers, casts, control flow with captures and quantised islands, in
/// several element types and opsets, with several outputs, shared constants and dead code. All
/// types are inferred. Operators that would turn the last bit into a jump (Floor, comparisons,
/// ArgMax, ...) read only values that every way to compute them gives alike. Throws TypingFailure.
Graph random_graph(uint64_t seed);

}  // namespace kasuri::testing
