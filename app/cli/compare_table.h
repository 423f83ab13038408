#pragma once

#include <nlohmann/json_fwd.hpp>

namespace kasuri::cli {

/// The trials of a search ("search" of a report) and which recipe is best.
void print_search(const nlohmann::json& search);

/// The report of one comparison as a table for people.
void print_comparison(const nlohmann::json& report);
/// One line: model, before, after, ratio with interval, verdict, arena, outputs.
void print_comparison_row(const nlohmann::json& report);

}  // namespace kasuri::cli
