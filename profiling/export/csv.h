#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kasuri::profiling {

/// Quoted where it must be; a leading = + - @ gets an apostrophe so that no spreadsheet runs it.
std::string csv_cell(const std::string& text);

/// Steps of the object of `profile --json`: UTF-8 with a byte order mark, one row per step.
std::string steps_csv(const nlohmann::json& profile);

}  // namespace kasuri::profiling
