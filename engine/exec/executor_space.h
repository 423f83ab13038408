#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_pool.h"
#include "engine/exec/arena.h"

namespace kasuri {

/// What executors that never run at the same time share: the threads, and the arena, which then is
/// in the processor's cache whichever of them ran before.
class ExecutorSpace {
 public:
  explicit ExecutorSpace(int threads, std::vector<int> cpus = {});

  ThreadPool& pool() { return pool_; }
  /// At least so many bytes, with room for larger plans to come; earlier ones keep what they got.
  Result<std::shared_ptr<Arena>> arena(int64_t bytes);

 private:
  ThreadPool pool_;
  std::shared_ptr<Arena> arena_;
  int64_t bytes_ = 0;
};

}  // namespace kasuri
