#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/base/cancel_token.h"
#include "profiling/worker/frame.h"

namespace kasuri::profiling {

/// Reads frames on a thread of its own, so that `cancel` is heard while a request runs.
class RequestQueue {
 public:
  explicit RequestQueue(int fd);
  ~RequestQueue();

  /// The next request; empty at the end of the stream. Errors: a malformed frame.
  Result<std::optional<Frame>> next();
  /// A fresh token for the request about to run; a `cancel` frame sets it.
  CancelToken begin_request();

 private:
  void read_loop(int fd);
  void accept(Frame frame);

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Frame> waiting_;
  std::optional<Error> failure_;
  bool ended_ = false;
  CancelToken current_;
  std::thread reader_;
};

}  // namespace kasuri::profiling
