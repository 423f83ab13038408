#include "profiling/memory_box.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "profiling/process_memory.h"

namespace kasuri::profiling {
namespace {

constexpr int64_t kStackBytes = int64_t{8} << 20;
constexpr int kPatience = 100, kPauseMicroseconds = 10000;

struct GroupFolder {
  std::string path;
  bool second_version = false;
};

/// Groups a new one may be made in: our own and, of the second version, the one around it, because
/// a group that holds processes rarely hands the memory of a child out.
std::vector<GroupFolder> own_groups() {
  std::vector<GroupFolder> found;
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (controllers == ",,") {
      found.push_back({"/sys/fs/cgroup" + path, true});
      if (path.size() > 1)
        found.push_back({"/sys/fs/cgroup" + path.substr(0, path.rfind('/')), true});
    }
    if (controllers.find(",memory,") != std::string::npos)
      found.push_back({"/sys/fs/cgroup/memory" + path, false});
  }
  return found;
}

bool write_number(const std::string& path, int64_t value) {
  std::ofstream file(path, std::ios::in);  // never makes a file
  file << value << std::flush;
  return file.good();
}

/// The folder of a new group with this limit; empty if none can be made.
std::string make_group(const GroupFolder& parent, int64_t limit) {
  static int number = 0;
  const std::string folder = fmt::format("{}/kasuri-box-{}-{}", parent.path, getpid(), ++number);
  if (::mkdir(folder.c_str(), 0755) != 0) return "";
  const char* most = parent.second_version ? "/memory.max" : "/memory.limit_in_bytes";
  if (!write_number(folder + most, limit)) {
    ::rmdir(folder.c_str());
    return "";
  }
  if (parent.second_version) {
    (void)write_number(folder + "/memory.swap.max", 0);
  } else {
    (void)write_number(folder + "/memory.swappiness", 0);
    (void)write_number(folder + "/memory.memsw.limit_in_bytes", limit);
  }
  return folder;
}

}  // namespace

MemoryBox::MemoryBox(int64_t limit_bytes) : limit_bytes_(limit_bytes) {
  const char* wanted = getenv("KASURI_BOX");
  if (wanted != nullptr && std::string(wanted) == "rlimit") return;
  for (const GroupFolder& parent : own_groups()) {
    group_ = make_group(parent, limit_bytes);
    second_version_ = parent.second_version;
    if (!group_.empty()) return;
  }
}

MemoryBox::~MemoryBox() {
  for (int i = 0; !group_.empty() && i < kPatience && ::rmdir(group_.c_str()) != 0; ++i)
    usleep(kPauseMicroseconds);
}

void MemoryBox::hold(pid_t process, int threads) const {
  if (!group_.empty() || process <= 0) return;
  const int64_t files = read_process_memory(process).file_bytes.value_or(0);
  const int64_t most = std::max<int64_t>(0, limit_bytes_ - files) + threads * kStackBytes;
  const rlimit limit{static_cast<rlim_t>(most), static_cast<rlim_t>(most)};
  (void)prlimit(process, RLIMIT_DATA, &limit, nullptr);
}

std::optional<int64_t> MemoryBox::peak_bytes() const {
  if (group_.empty()) return std::nullopt;
  std::ifstream file(group_ + (second_version_ ? "/memory.peak" : "/memory.max_usage_in_bytes"));
  int64_t bytes = 0;
  return file >> bytes ? std::optional(bytes) : std::nullopt;
}

}  // namespace kasuri::profiling
