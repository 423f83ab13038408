#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "profiling/compared_side.h"

namespace kasuri::profiling {

/// What of a gain the optimised ONNX file carries into another runtime, and what needs the plan:
/// for every side that runs the exported file in another runtime and has a twin that runs the
/// original in it (same runtime, threads and CPUs),
///   {runtime, threads, original, exported, file: {ratio, low, high, verdict},
///    plan: {side, ratio, low, high, verdict} | null}
/// with file = exported / original and plan = the last Kasuri side of as many threads / exported.
/// All sides were measured in the same rounds, so their blocks pair.
nlohmann::json describe_travel(const std::vector<ComparedSide>& sides);

}  // namespace kasuri::profiling
