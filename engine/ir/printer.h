#pragma once

#include <cstdint>
#include <string>

#include "engine/ir/graph.h"

namespace kasuri {

struct PrintOptions {
  bool types = true;     ///< Types of produced values.
  bool metadata = true;  ///< Of graph and nodes, and provenance.
  /// Constants with more elements show a digest instead, unless they follow a rule ("seed", "all").
  /// Text with digests is for reading; parse_graph() refuses it. -1: everything in full.
  int64_t max_elements = -1;
};

/// A graph as text, one line per node, producers first:
///
///   graph "small" {
///     opset "" 17
///     meta "author" = "me"
///     input %x : float32[1,3,H,96]
///     const %w = float32[64,3,3,3] seed
///     const %b = float32[2] {0.5, -1}
///     %y = Conv(%x, %w) {strides=[1,1], pads=[1,1,1,1]} : float32[1,64,96,96]
///     %a, _ = com.acme::Split@2 "my node" (%y, _, %b) : float32[1,64,96,96], _
///     output "y" = %y
///   }
///
/// Values are %name or %"any name"; `_` is an absent input, output or type. Written only where it
/// is not the default: the opset of a node (@), its name (its first output's), `meta {"k"="v"}`,
/// `from {"source node"}`. Bodies are attributes of the form `body=graph "name" { capture %x ...
/// }`. Literals: 1, 1.5, "text", [1,2], [1.5], ["a"], ints[], floats[], strings[], type float32[2],
/// tensors[...], graphs[...], types[...], tensors as above. Tensor contents: {numbers or strings},
/// `seed` (fill_weights() of engine/ir/seeded_weights.h, fan-in from the use), `range 0.5 1.5`
/// (seeded by the name, even between the bounds), `all 1.5`, `hex "00ff"` (bytes, for types without
/// decimal form). Comments run from # to the end of the line.
std::string print_graph(const Graph& graph, const PrintOptions& options = {});

/// One node as print_graph() shows it.
std::string print_node(const Graph& graph, const Node& node, const PrintOptions& options = {});

}  // namespace kasuri
