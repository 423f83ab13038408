#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/onnx/importer.h"

namespace kasuri::profiling {

/// The "graph" object of the worker protocol (README.md): nodes, values, inputs, outputs.
nlohmann::json describe_graph(const Graph& graph);
/// The same with "model" and "dims".
nlohmann::json describe_model(const ImportedModel& model);

}  // namespace kasuri::profiling
