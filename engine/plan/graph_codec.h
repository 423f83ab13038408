#pragma once

#include "engine/ir/graph.h"
#include "engine/plan/byte_stream.h"
#include "engine/plan/weight_section.h"

namespace kasuri {

/// Dense numbers of a graph's values and nodes in its stored form: inputs first, then captures,
/// then everything else by id; nodes by id.
struct GraphNumbers {
  std::vector<ValueId> values;
  std::vector<NodeId> nodes;
  std::map<ValueId, uint64_t> value_numbers;
  std::map<NodeId, uint64_t> node_numbers;
  uint64_t of(ValueId id) const;  ///< values.size() for none()
  uint64_t of(NodeId id) const;
};
GraphNumbers numbers_of(const Graph& graph);

/// Writes a graph (bodies included) so that read_graph() makes an equal one with ids as numbered.
void write_graph(ByteWriter& out, WeightSection& weights, const Graph& graph);

/// Errors: anything that is not a well-formed graph. Never trusts a count, offset or number.
Result<Graph> read_graph(ByteReader& in, const MappedWeights& weights, int depth = 0);

}  // namespace kasuri
