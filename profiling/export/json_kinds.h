#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// Whether `value` has every key that `wanted` names, each of its kind: s string, n number, b
/// bool, o object; a following ? allows null, for objects the key "?". A list of one element
/// describes each element. Keys that are not named are free. Errors name the place.
Status check_kinds(const nlohmann::json& value, const nlohmann::json& wanted,
                   const std::string& place);

}  // namespace kasuri::profiling
