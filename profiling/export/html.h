#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kasuri::profiling {

/// One self-contained file (no network, prints to A4) from the object of `compare --json`.
std::string html_report(const nlohmann::json& report);
/// One row per model from a list of such objects (or {"model", "error"}).
std::string html_overview(const nlohmann::json& reports);

/// Answers of early-exit, generate or diffuse alone: {"dynamic": [at least one], "document"?}.
std::string html_dynamic(const nlohmann::json& report);

/// The matrix of a sweep (profiling/sweep.h): one row per cell.
std::string html_matrix(const nlohmann::json& matrix);

}  // namespace kasuri::profiling
