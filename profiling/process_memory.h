#pragma once

#include <cstdint>
#include <optional>

namespace kasuri::profiling {

/// Resident set of this process as the kernel counts it (/proc/self/status), in bytes.
struct ProcessMemory {
  std::optional<int64_t> rss_bytes;       ///< VmRSS
  std::optional<int64_t> peak_rss_bytes;  ///< VmHWM, since the process started
};
ProcessMemory read_process_memory();

}  // namespace kasuri::profiling
