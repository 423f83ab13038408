#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// "p90<=100ms", "median<=5ms", "rss<=512MiB", "arena<=64MiB", "first<=1s", "throughput>=30"
/// (items per second), "deadline 33ms misses<=0.1%" (share of runs that take longer),
/// "box<=512MiB" (a run in a process with so much memory), and of the worst output "max_abs<=1e-4",
/// "max_rel<=1e-3", "cosine>=0.999", "sqnr>=60dB", "argmax>=99.9%": about the side after the
/// baseline.
struct Requirement {
  std::string text;
  std::string figure;      ///< "p90", "p99", "median", "mean", "first", "rss", "arena", ...
  double limit = 0;        ///< Milliseconds, bytes, items per second or a share.
  double deadline_ms = 0;  ///< Of "misses".
};
Result<Requirement> parse_requirement(const std::string& text);

/// {text, met, value}; `side` is an entry of the report's "sides", `fidelity` that of its
/// "fidelity". A figure that is missing is not met and says why.
nlohmann::json check_requirement(const Requirement& requirement, const nlohmann::json& side,
                                 const nlohmann::json& fidelity = {});

/// What was measured of a checked requirement, with its unit: "70.4 MiB", "0.026 ms"; "–" for none.
std::string required_figure(const nlohmann::json& checked);

}  // namespace kasuri::profiling
