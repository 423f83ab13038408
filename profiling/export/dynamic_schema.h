#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// Is this an answer of `early-exit --json`, `generate --json` or `diffuse --json`?
bool is_dynamic_result(const nlohmann::json& value);
/// Whether such an answer has what the sections of a report read. Errors name the first place that
/// is missing or of the wrong kind.
Status check_dynamic_result(const nlohmann::json& result);

}  // namespace kasuri::profiling
