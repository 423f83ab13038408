#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace kasuri::profiling {

/// Resident set of a process as the kernel counts it (/proc/self/status), in bytes.
struct ProcessMemory {
  std::optional<int64_t> rss_bytes;        ///< VmRSS
  std::optional<int64_t> peak_rss_bytes;   ///< VmHWM, since the process started
  std::optional<int64_t> anonymous_bytes;  ///< RssAnon: heap and arenas
  std::optional<int64_t> file_bytes;  ///< RssFile: mapped files; the system may drop these pages
};
/// Of this process, or of another one.
ProcessMemory read_process_memory(pid_t process = 0);

}  // namespace kasuri::profiling
