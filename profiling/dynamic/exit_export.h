#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/base/cancel_token.h"
#include "profiling/dynamic/exit_gate.h"
#include "profiling/dynamic/exit_network.h"

namespace kasuri::profiling {

/// The model as one graph that leaves early by itself: what lies behind an exit is the else branch
/// of an If whose condition is the gate; exits where nothing leaves are not gated. Outputs: the
/// class scores, named like the full model's, and "exit", int64[1]: which exit answered. With more
/// samples at once a batch leaves when its least sure sample does. Errors: opset below 13.
Result<Graph> nested_exits(const Graph& graph, const std::vector<ValueId>& exits,
                           const ExitPolicy& policy);

/// Writes nested_exits() of the network, thresholds and `facts` in the metadata
/// ("kasuri.early_exit.thresholds", ...).
Status export_exits(const std::string& path, const ExitNetwork& network, const ExitPolicy& policy,
                    const std::map<std::string, std::string>& facts, const TaskContext& context);

}  // namespace kasuri::profiling
