#include "profiling/process_memory.h"

#include <fstream>
#include <sstream>
#include <string>

namespace kasuri::profiling {

ProcessMemory read_process_memory(pid_t process) {
  ProcessMemory memory;
  std::ifstream status(process == 0 ? "/proc/self/status"
                                    : "/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    std::istringstream words(line);
    std::string key;
    int64_t kibibytes = 0;
    if (!(words >> key >> kibibytes)) continue;
    if (key == "VmRSS:") memory.rss_bytes = kibibytes * 1024;
    if (key == "RssAnon:") memory.anonymous_bytes = kibibytes * 1024;
    if (key == "RssFile:") memory.file_bytes = kibibytes * 1024;
    if (key == "VmHWM:") memory.peak_rss_bytes = kibibytes * 1024;
  }
  return memory;
}

}  // namespace kasuri::profiling
