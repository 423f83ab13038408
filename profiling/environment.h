#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// What numbers were measured on. Empty fields could not be read.
struct Environment {
  std::string cpu;            ///< "Intel(R) Xeon(R) ..."
  std::string isa;            ///< "avx512f amx-bf16" of what matters to kernels
  int cores = 0;              ///< Usable by this process.
  std::vector<int> affinity;  ///< CPU numbers this process may run on.
  std::string governor;       ///< cpufreq governor of the first usable CPU.
  double load = 0;            ///< 1-minute load average.
  int64_t memory_bytes = 0;   ///< Installed.
  int64_t available_bytes = 0;
  std::string os;  ///< "Debian GNU/Linux 12, Linux 6.1.0"
  std::string compiler;
  std::string version;  ///< Of Kasuri.
  std::string build;    ///< The same for every run of one binary.
  std::string utc;      ///< "2026-11-21T03:00:00Z"

  /// Reasons to doubt the numbers ("load 3.2 on 2 cores"); empty on a quiet machine.
  std::vector<std::string> warnings;
};
Environment read_environment();
/// Errors: a CPU that this process may not run on.
Status check_cpus(const std::vector<int>& cpus);

}  // namespace kasuri::profiling
