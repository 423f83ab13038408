#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/ir/graph.h"

namespace kasuri {

/// One run of bytes moved from an input to an output of a node.
struct CopyPiece {
  int input = 0, output = 0;  ///< Positions in Node::inputs / Node::outputs.
  int64_t from = 0, to = 0;   ///< Byte offsets.
  int64_t bytes = 0;
};

/// If the node, on row-major data, only moves whole contiguous runs (Reshape, Squeeze, Unsqueeze,
/// Flatten, Identity, a Transpose that moves extents of 1; Split, Slice and Concat on the outermost
/// axis): those runs. Empty optional otherwise, or when a type is not static.
std::optional<std::vector<CopyPiece>> contiguous_pieces(const Graph& graph, const Node& node);

/// The same for a Transpose between values in these physical axis orders (empty: row-major): one
/// run if every byte stays where it is, as from NCHW to NHWC where the input lies channels last.
std::optional<std::vector<CopyPiece>> transposed_pieces(const Graph& graph, const Node& node,
                                                        const std::vector<int>& from,
                                                        const std::vector<int>& to);

}  // namespace kasuri
