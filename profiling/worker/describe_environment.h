#pragma once

#include <nlohmann/json_fwd.hpp>

#include "profiling/environment.h"

namespace kasuri::profiling {

nlohmann::json describe_environment(const Environment& environment);

}  // namespace kasuri::profiling
