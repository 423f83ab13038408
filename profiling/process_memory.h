#pragma once

#include <cstdint>
#include <optional>

namespace kasuri::profiling {

/// Resident set of this process as the kernel counts it (/proc/self/status), in bytes.
struct ProcessMemory {
  std::optional<int64_t> rss_bytes;        ///< VmRSS
  std::optional<int64_t> peak_rss_bytes;   ///< VmHWM, since the process started
  std::optional<int64_t> anonymous_bytes;  ///< RssAnon: heap and arenas
  std::optional<int64_t> file_bytes;  ///< RssFile: mapped files; the system may drop these pages
};
ProcessMemory read_process_memory();

}  // namespace kasuri::profiling
