#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// Writes report.html, report.json, sides.csv, outputs.csv and passes.csv into `folder`, which is
/// made; one comparison gives its report, several the overview and a report each
/// (report_1.html, ...). Returns the files written, by their names in the folder.
Result<std::vector<std::string>> write_bundle(const std::string& folder,
                                              const nlohmann::json& comparisons);

/// The same of a matrix of `sweep`: report.html is the matrix, report_1.html its first cell; the
/// tables name the cell in their column "at".
Result<std::vector<std::string>> write_matrix_bundle(const std::string& folder,
                                                     const nlohmann::json& matrix);

/// The report of one comparison, or the overview of several; without sides: of what is dynamic.
std::string html_of(const nlohmann::json& comparisons);

}  // namespace kasuri::profiling
