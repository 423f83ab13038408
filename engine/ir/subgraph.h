#pragma once

#include <set>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri {

/// Nodes on a path from any of `from` to any of `to`, both included; empty if there is no path.
std::set<NodeId> nodes_between(const Graph& graph, const std::set<NodeId>& from,
                               const std::set<NodeId>& to);

/// Nodes that one of `values` is made by, at any distance.
std::set<NodeId> makers_of(const Graph& graph, const std::vector<ValueId>& values);

/// Values that `nodes` (and the bodies within) read and none of them makes, constants apart; in id
/// order.
std::vector<ValueId> values_entering(const Graph& graph, const std::set<NodeId>& nodes);

/// Values that `nodes` make and others read or the graph gives; in id order.
std::vector<ValueId> values_leaving(const Graph& graph, const std::set<NodeId>& nodes);

/// These nodes as a graph of their own with these outputs: what enters is an input, constants come
/// along, names, types, metadata and operator sets stay. Errors: an output the nodes do not make.
Result<Graph> cut_graph(const Graph& graph, const std::set<NodeId>& nodes,
                        const std::vector<ValueId>& outputs);

}  // namespace kasuri
