#include "engine/base/memory_use.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>

namespace kasuri {
namespace {

constexpr int64_t kUnlimited = INT64_MAX;

std::atomic<int64_t> live_bytes{0};

/// The number in a file of the kernel; kUnlimited where there is none ("max", no such file).
int64_t number_in(const char* path) {
  std::ifstream file(path);
  int64_t value = 0;
  return file >> value && value > 0 ? value : kUnlimited;
}

int64_t physical_bytes() {
  const int64_t pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? pages * size : kUnlimited;
}

}  // namespace

int64_t machine_memory_bytes() {
  static const int64_t bytes = std::min({physical_bytes(), number_in("/sys/fs/cgroup/memory.max"),
                                         number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes")});
  return bytes;
}

int64_t default_memory_limit() { return machine_memory_bytes() / 8 * 7; }

int64_t live_tensor_bytes() { return live_bytes.load(std::memory_order_relaxed); }

void add_live_tensor_bytes(int64_t change) {
  live_bytes.fetch_add(change, std::memory_order_relaxed);
}

}  // namespace kasuri
