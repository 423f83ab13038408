#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// Times of operators from another program's file: a profile of ONNX Runtime, or a Chrome trace
/// (a list of events, or an object with "traceEvents").
///   {"file", "format": "onnxruntime" | "chrome", "nodes": [{name, op, median_ms, calls}]}
/// Nodes are in order of their first event; events that are no spans, and ONNX Runtime's spans of
/// the session itself, are left aside. Errors: unreadable, not JSON, no span in it.
Result<nlohmann::json> read_foreign_profile(const std::string& path);

/// Lays such a profile over the steps of `report` (profile --json): each step whose node names are
/// in it gets "overlay_ms", their sum; `report` gets "overlay": {file, format, names, matched,
/// total_ms, unmatched: [names]}.
void overlay_profile(nlohmann::json& report, const nlohmann::json& foreign);

}  // namespace kasuri::profiling
