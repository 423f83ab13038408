#pragma once

#include <map>
#include <string>

#include "engine/ir/graph.h"
#include "profiling/fidelity/reference_outputs.h"

namespace kasuri::profiling {

/// Runs the graph on the CPU backend, one kernel per node, and checks every node on the way:
/// contractions by recomputing random elements in double precision, everything else in full on the
/// reference backend. The outputs are then as good as a reference run.
Result<ReferenceOutputs> spot_checked_outputs(const Graph& graph,
                                              const std::map<std::string, RuntimeValue>& inputs,
                                              const TaskContext& context);

}  // namespace kasuri::profiling
