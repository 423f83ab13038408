#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/plan/plan.h"

namespace kasuri::profiling {

/// The "plan" object of the worker protocol: steps, buffers, memory, hash.
nlohmann::json describe_plan(const Plan& plan);
nlohmann::json describe_memory(const MemorySummary& memory);

}  // namespace kasuri::profiling
