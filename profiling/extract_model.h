#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/inputs.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

/// A part of a model to save as a model of its own.
struct ExtractRequest {
  std::vector<std::string> from;  ///< Nodes, or values that nodes make; empty: the inputs.
  std::vector<std::string> to;    ///< The same; empty: the outputs.
  std::string path;               ///< The ONNX file to write.
};

/// Writes the part, and beside it in NAME.inputs/ what enters it when the whole model runs on
/// `inputs` (unfused, on the CPU backend): a run of the part then gives the model's own values.
/// Returns {"file", "nodes", "inputs": [{name, file}], "outputs": [names], "command"}.
/// Errors: names the model does not have (similar ones named), no path from one to the other,
/// whatever a run can fail with.
Result<nlohmann::json> extract_model(const KasuriSession& session, const BoundInputs& inputs,
                                     const ExtractRequest& request, const TaskContext& context);

}  // namespace kasuri::profiling
