#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kasuri::profiling {

// Tables of comparisons (a list of objects of `compare --json`) for a spreadsheet: UTF-8 with BOM,
// CRLF, numbers as in the JSON, empty where there is none.

/// One row per side of each comparison; a failed one is a row with its error.
std::string sides_csv(const nlohmann::json& comparisons);
/// One row per output of each side.
std::string outputs_csv(const nlohmann::json& comparisons);
/// One row per pass.
std::string passes_csv(const nlohmann::json& comparisons);

}  // namespace kasuri::profiling
