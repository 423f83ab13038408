#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/result.h"

namespace kasuri {

/// A shared flag: whoever holds a copy can ask the work to stop; long loops poll it.
class CancelToken {
 public:
  CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}

  void cancel() const { flag_->store(true, std::memory_order_relaxed); }
  bool cancelled() const { return flag_->load(std::memory_order_relaxed); }

  /// Error::cancelled() once cancel() was called.
  Status check() const {
    if (cancelled()) return Error::cancelled();
    return Done{};
  }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

/// What a long task tells while it runs.
struct Progress {
  std::string stage;  ///< Words for people: "Reading weights".
  double done = 0;    ///< In the stage's own unit.
  double total = 0;   ///< 0: unknown.
};
using ProgressListener = std::function<void(const Progress&)>;

/// Passed through import, passes, compilation and runs.
struct TaskContext {
  CancelToken cancel;
  ProgressListener on_progress;  ///< May be empty.

  void report(std::string stage, double done = 0, double total = 0) const {
    if (on_progress) on_progress({std::move(stage), done, total});
  }
};

}  // namespace kasuri
