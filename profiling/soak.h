#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/comparison.h"

namespace kasuri::profiling {

/// Drift over a long run, of `times.sides` called `names`:
///   {"seconds", "blocks", "sides": [{side, first_ms, last_ms, drift, low, high,
///    verdict: steady | drifts | undecided}],
///    "clock_mhz": {first, last} | {first: null, last: null, why}, "temperature_c": {same}}
/// first and last are the medians of the first and the last tenth of the blocks; a side drifts if
/// the interval of their ratio lies outside the noise (statistics.h).
nlohmann::json describe_soak(const BlockTimes& times, const std::vector<std::string>& names);

}  // namespace kasuri::profiling
