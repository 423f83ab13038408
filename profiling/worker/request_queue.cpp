#include "profiling/worker/request_queue.h"

#include <errno.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace kasuri::profiling {

RequestQueue::RequestQueue(int fd) : reader_([this, fd] { read_loop(fd); }) {}

/// The reader sits in read(); at this point the process ends, so it is left to the kernel.
RequestQueue::~RequestQueue() { reader_.detach(); }

void RequestQueue::accept(Frame frame) {
  const std::scoped_lock lock(mutex_);
  if (frame.header->value("type", "") == "cancel") {
    current_.cancel();
    return;
  }
  waiting_.push_back(std::move(frame));
  arrived_.notify_one();
}

void RequestQueue::read_loop(int fd) {
  FrameDecoder decoder;
  std::vector<char> bytes(1 << 18);
  while (true) {
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    decoder.feed(bytes.data(), static_cast<size_t>(got));
    while (true) {
      auto frame = decoder.next();
      if (frame.ok() && !*frame) break;
      if (frame.ok()) {
        accept(std::move(**frame));
        continue;
      }
      const std::scoped_lock lock(mutex_);
      failure_ = frame.error();
      arrived_.notify_one();
      return;
    }
  }
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  arrived_.notify_one();
}

Result<std::optional<Frame>> RequestQueue::next() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return ended_ || failure_ || !waiting_.empty(); });
  if (waiting_.empty()) {
    if (failure_) return *failure_;
    return std::optional<Frame>();
  }
  std::optional<Frame> frame = std::move(waiting_.front());
  waiting_.pop_front();
  return frame;
}

CancelToken RequestQueue::begin_request() {
  const std::scoped_lock lock(mutex_);
  current_ = CancelToken();
  return current_;
}

}  // namespace kasuri::profiling
