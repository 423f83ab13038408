#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace kasuri::profiling {

/// Bounds the memory of one process: by a control group of its own (version 2 or 1) where one can
/// be made, else by the size of its private memory (RLIMIT_DATA). KASURI_BOX=rlimit takes the
/// latter in any case. The group is removed with this object, after its process has ended.
class MemoryBox {
 public:
  explicit MemoryBox(int64_t limit_bytes);
  ~MemoryBox();
  MemoryBox(const MemoryBox&) = delete;
  MemoryBox& operator=(const MemoryBox&) = delete;

  const char* method() const { return group_.empty() ? "rlimit" : "cgroup"; }
  /// Folder of the group that the process joins before it starts; empty: there is none.
  const std::string& group() const { return group_; }
  /// Without a group: bounds a process that has just started. Its mapped files and the stacks of
  /// `threads`, which are reserved and hardly used, do not count.
  void hold(pid_t process, int threads) const;
  /// The most that was charged to the group.
  std::optional<int64_t> peak_bytes() const;

 private:
  int64_t limit_bytes_;
  std::string group_;
  bool second_version_ = false;
};

}  // namespace kasuri::profiling
