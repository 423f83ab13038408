#pragma once

#include "engine/plan/byte_stream.h"
#include "engine/plan/graph_codec.h"
#include "engine/rewrite/plan_decisions.h"

namespace kasuri {

/// Decisions by the dense numbers of the stored graph.
void write_decisions(ByteWriter& out, const Graph& graph, const GraphNumbers& numbers,
                     const PlanDecisions& decisions);
/// For a graph made by read_graph(). Errors: a number out of range, a decision that cannot hold.
Result<PlanDecisions> read_decisions(ByteReader& in, const Graph& graph);

}  // namespace kasuri
