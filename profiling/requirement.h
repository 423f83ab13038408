#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// "p90<=100ms", "median<=5ms", "rss<=512MiB", "arena<=64MiB", "first<=1s": about the last side.
struct Requirement {
  std::string text;
  std::string figure;  ///< "p90", "p99", "median", "mean", "first", "rss", "arena"
  double limit = 0;    ///< Milliseconds or bytes.
};
Result<Requirement> parse_requirement(const std::string& text);

/// {text, met, value}; `side` is an entry of the report's "sides". A figure that is missing is not
/// met.
nlohmann::json check_requirement(const Requirement& requirement, const nlohmann::json& side);

}  // namespace kasuri::profiling
