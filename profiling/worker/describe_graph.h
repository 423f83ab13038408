#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/onnx/importer.h"

namespace kasuri::profiling {

/// The "graph" object of the worker protocol (README.md): inputs, outputs and, unless they are not
/// wanted, nodes and values.
nlohmann::json describe_graph(const Graph& graph, bool with_nodes = true);
/// The same with "model" and "dims".
nlohmann::json describe_model(const ImportedModel& model, bool with_nodes = true);

}  // namespace kasuri::profiling
