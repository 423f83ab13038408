#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/ir/graph.h"
#include "engine/loops/nest.h"

namespace kasuri::lower {

/// Why this node cannot be written as a nest with its present static types; empty: it can.
std::optional<std::string> why_not(const Graph& graph, const Node& node);

/// A pure movement of data by index arithmetic (Reshape, Transpose, Slice, Expand, ...).
bool is_view(const Graph& graph, const Node& node);

/// A group of nodes as one nest, before any composition: stages of the members in order; buffers
/// are first `inputs`, then `outputs`, in the order given, then locals for the values in between.
/// `members` are in topological order; `inputs` and `outputs` as in KernelRequest. Values of
/// one-element constants may appear as literals, leaving their buffer unread.
Result<loops::Nest> lower_group(const Graph& graph, std::span<const NodeId> members,
                                std::span<const ValueId> inputs, std::span<const ValueId> outputs);

/// Strides, in elements, of a tensor stored with its axes in `axis_order` (outermost first); empty
/// order: row-major.
std::vector<int64_t> strides_for(const std::vector<int64_t>& extents,
                                 const std::vector<int>& axis_order);

}  // namespace kasuri::lower
