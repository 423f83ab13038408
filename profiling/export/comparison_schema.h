#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// Whether `report` is an object of `compare --json` as the reports read it: every key they need is
/// there and of its kind. Errors name the first place that is not ("sides/0/latency_ms").
Status check_comparison(const nlohmann::json& report);

/// The comparisons in a file written by `compare --json`: one object, or the rows of a folder, of
/// which those with an "error" stay as they are. Answers of `early-exit`, `generate` and `diffuse`
/// (dynamic_schema.h) pass, too. Errors: unreadable, not JSON, none of these.
Result<nlohmann::json> read_comparisons(const std::string& path);

/// The matrix in a file written by `sweep --out` or `sweep --json`; null where the file is another.
/// Errors: unreadable, not JSON, a matrix without cells or with one that is no comparison.
Result<nlohmann::json> read_matrix(const std::string& path);

}  // namespace kasuri::profiling
