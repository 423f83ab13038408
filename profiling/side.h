#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// What one column of a comparison is.
struct SideSpec {
  std::string name;
  std::string model;  ///< Empty: the model compared. "exported": what side `after` exports.
  std::string passes = "default";  ///< SPEC; kasuri only.
  std::string runtime = "kasuri";  ///< "kasuri", or one of other_runtimes()
  std::string backend = "cpu";
  int threads = 1;
  int streams = 1;  ///< Runs at the same time when throughput is measured.
  std::vector<int> cpus;
  int64_t memory_limit = 0;
  std::string launcher;  ///< Words before "kasuri worker", or with {worker} in them; kasuri only.
  std::map<std::string, int64_t> dims;
  std::map<std::string, std::string> settings;  ///< "opt.level" -> "best"
  double inject_delay_percent = 0;              ///< Busy waiting added to each run; for self-tests.
};

/// "NAME:key=value,..." on top of `defaults`. Keys: model, passes (';' stands for ',' inside),
/// runtime, backend, threads, streams, cpus ("0;1"), batch, dim.NAME, delay, launcher, and settings
/// with a dot in their name. Errors name the key.
Result<SideSpec> parse_side(const std::string& text, const SideSpec& defaults);

}  // namespace kasuri::profiling
