#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kasuri::profiling {

/// Steps of the object of `profile --json`: UTF-8 with a byte order mark, one row per step.
std::string steps_csv(const nlohmann::json& profile);

}  // namespace kasuri::profiling
