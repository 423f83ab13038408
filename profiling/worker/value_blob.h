#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::profiling {

/// {"name", "dtype", "shape", "blob": index} and one blob per tensor; sequences as {"items":
/// [...]}, absent optionals as {"absent": true}; strings as {"strings": [...]} without a blob.
nlohmann::json describe_value(const std::string& name, const RuntimeValue& value,
                              std::vector<std::string>& blobs);
/// The way back. Errors: unknown dtype, blob of the wrong size, index out of range.
Result<RuntimeValue> value_from(const nlohmann::json& description,
                                const std::vector<std::string>& blobs);

}  // namespace kasuri::profiling
