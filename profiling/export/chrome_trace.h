#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kasuri::profiling {

/// Trace Event Format (Perfetto, chrome://tracing) of the last instrumented run, from the object of
/// `profile --json`: one slice per step and the live bytes of the arena as a counter.
std::string chrome_trace(const nlohmann::json& profile);

}  // namespace kasuri::profiling
