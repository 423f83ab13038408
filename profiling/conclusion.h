#pragma once

#include <nlohmann/json_fwd.hpp>

namespace kasuri::profiling {

/// What a comparison means for a decision, from its report alone:
///   {"decision": "go" | "no-go" | "undecided",
///    "reasons": ["outputs_differ", "outputs_unchecked", "requirement_not_met",
///                "requirements_met", "faster", "slower", "less_memory", "nothing_gained",
///                "over_memory_limit", "too_noisy", "partial"],
///    "today": null | {side, runtime, version, median_ms, latency: {ratio, low, high, verdict}},
///    "payback": null | see payback()}
/// No-go: outputs differ, a requirement is not met, slower (unless the requirements are met and
/// memory is saved), or nothing gained. A gain beyond the noise is a go where the outputs were
/// checked, else undecided. `today` is the first side that runs the original in another runtime;
/// its latency is the second side's against it. The payback needs "load" in the report and is
/// counted against today's runtime, else the baseline; a difference within the noise saves nothing.
nlohmann::json conclude(const nlohmann::json& report);

}  // namespace kasuri::profiling
