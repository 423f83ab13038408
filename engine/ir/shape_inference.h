#pragma once

#include <vector>

#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri {

/// Types of a node's outputs, in order, from the types of its inputs, its attributes and those
/// inputs that are constants. Follows the operator's version in `node.opset`. What cannot be known
/// (an unknown operator, an extent that depends on data) is left unknown: dtype kUndefined, no
/// shape, or an unknown extent. A contradiction (extents that do not fit, a missing attribute) is
/// a user error naming the node. Bodies of If, Loop, Scan and SequenceMap are walked too.
Result<std::vector<ValueType>> infer_types(const Graph& graph, const Node& node);

/// Types every value of the graph and of its bodies, producers first. Types of inputs and captures
/// are taken as declared; a declared type of another value fills what inference leaves unknown.
/// Shape arithmetic on small integer tensors (Shape, Gather, Concat, ...) is followed, so that a
/// computed Reshape target is known where the extents are.
Result<Graph> infer_graph(Graph graph);

/// `inferred` where it knows, else `declared`.
ValueType merge_types(const ValueType& inferred, const ValueType& declared);

/// Is there an inference function for this operator?
bool is_known_operator(const OpKind& op);

}  // namespace kasuri
