#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace kasuri {

/// A fixed team: the caller and `threads - 1` workers. Work is handed out in chunks by an atomic
/// counter; idle workers spin about 2,000 pauses and then sleep on a futex. Every worker (and the
/// caller while inside run()) flushes denormals (FTZ | DAZ).
class ThreadPool {
 public:
  /// threads >= 1. `cpus`: optional affinity list, one entry per thread.
  explicit ThreadPool(int threads, std::vector<int> cpus = {});
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  /// Calls body(begin, end, worker) over [0, count) in pieces of at least `grain`; returns when all
  /// is done. worker is in [0, threads()). Not re-entrant. Bodies must not throw.
  void parallel_for(int64_t count, int64_t grain,
                    const std::function<void(int64_t begin, int64_t end, int worker)>& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Sets flush-to-zero and denormals-are-zero on this thread while alive, then restores.
class DenormalGuard {
 public:
  DenormalGuard();
  ~DenormalGuard();
  DenormalGuard(const DenormalGuard&) = delete;
  DenormalGuard& operator=(const DenormalGuard&) = delete;

 private:
  uint32_t saved_;
};

}  // namespace kasuri
