#pragma once

#include <nlohmann/json_fwd.hpp>

namespace kasuri::profiling {

/// Replaces what names the model and the machine in a comparison (an object of `compare --json`,
/// the list of a folder, or the matrix of a sweep), consistently within it: nodes become node_1,
/// node_2, ..., tensors tensor_1, ..., dimensions dim_1, ..., models model_1.onnx, other paths
/// path_1, ..., the host "host"; content hashes are dropped. Names of passes, rules, operators,
/// sides and what the user wrote into "document" stay. Free text (reasons, the command) is
/// rewritten word by word.
void anonymise(nlohmann::json& comparisons);

}  // namespace kasuri::profiling
