#pragma once

#include <span>

#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri {

/// Checks the rules every graph keeps; a broken one is our own bug, so the error is internal and
/// names node or value.
///   ids: every id a node, an input, a capture or an output uses exists;
///   edges: producer and outputs agree, consumers are exactly the readers (captures by bodies too),
///     everything read is an input, a capture, a constant or produced, by one node, without cycle,
///     and ranks grow along edges;
///   names: nodes and values have unique, non-empty names; graph outputs too;
///   types: a constant has its tensor's dtype and extents;
///   bodies: the same inside, and each capture exists outside with a type that does not contradict.
Status verify_graph(const Graph& graph);

/// The part of the rules that concerns these nodes, their values and bodies; in the size of that
/// neighbourhood. Ids that no longer exist are skipped.
Status verify_nodes(const Graph& graph, std::span<const NodeId> nodes);

}  // namespace kasuri
