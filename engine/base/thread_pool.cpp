#include "engine/base/thread_pool.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <thread>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "engine/base/check.h"

namespace kasuri {
namespace {

constexpr int kSpins = 2000;
constexpr int64_t kChunksPerThread = 4;

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

uint32_t control_register() {
#if defined(__x86_64__)
  return _mm_getcsr();
#elif defined(__aarch64__)
  uint64_t value;
  __asm__ volatile("mrs %0, fpcr" : "=r"(value));
  return static_cast<uint32_t>(value);
#else
  return 0;
#endif
}

void set_control_register([[maybe_unused]] uint32_t value) {
#if defined(__x86_64__)
  _mm_setcsr(value);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(static_cast<uint64_t>(value)));
#endif
}

#if defined(__aarch64__)
constexpr uint32_t kFlushBits = 1u << 24;
#else
constexpr uint32_t kFlushBits = 0x8040;
#endif

void pin_to(int cpu) {
  if (cpu < 0 || cpu >= CPU_SETSIZE) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

/// The word all threads watch: [job number : 16 | open : 1 | workers inside : 15]. A worker enters
/// an open job by adding one; the caller closes the job and waits until nobody is inside, so a
/// worker that wakes late never delays anyone.
constexpr uint32_t kOpen = 1u << 15;
constexpr uint32_t kInside = kOpen - 1;
uint32_t job_of(uint32_t word) { return word >> 16; }

}  // namespace

DenormalGuard::DenormalGuard() : saved_(control_register()) {
  set_control_register(saved_ | kFlushBits);
}
DenormalGuard::~DenormalGuard() { set_control_register(saved_); }

struct ThreadPool::State {
  using Body = std::function<void(int64_t, int64_t, int)>;

  std::atomic<uint32_t> word{0};
  std::atomic<uint32_t> drained{0};
  std::atomic<bool> busy{false};
  std::atomic<bool> stop{false};
  alignas(64) std::atomic<int64_t> next{0};
  const Body* body = nullptr;
  int64_t count = 0;
  int64_t pieces = 0;
  std::vector<std::thread> workers;

  void work(int worker) {
    for (;;) {
      const int64_t piece = next.fetch_add(1, std::memory_order_relaxed);
      if (piece >= pieces) return;
      (*body)(boundary(piece), boundary(piece + 1), worker);
    }
  }

  int64_t boundary(int64_t piece) const {
    return piece * (count / pieces) + std::min(piece, count % pieces);
  }

  uint32_t wait_for_job_after(uint32_t seen) {
    for (int spin = 0; spin < kSpins; ++spin) {
      const uint32_t now = word.load(std::memory_order_acquire);
      if (job_of(now) != seen) return now;
      pause();
    }
    for (;;) {
      const uint32_t now = word.load(std::memory_order_acquire);
      if (job_of(now) != seen) return now;
      word.wait(now, std::memory_order_acquire);
    }
  }

  bool enter(uint32_t now) {
    const uint32_t job = job_of(now);
    while (job_of(now) == job && (now & kOpen) != 0)
      if (word.compare_exchange_weak(now, now + 1, std::memory_order_acq_rel)) return true;
    return false;
  }

  void leave() {
    const uint32_t before = word.fetch_sub(1, std::memory_order_acq_rel);
    if ((before & kInside) != 1 || (before & kOpen) != 0) return;
    drained.fetch_add(1, std::memory_order_release);
    drained.notify_one();
  }

  void serve(int worker, int cpu) {
    pin_to(cpu);
    const DenormalGuard guard;
    uint32_t seen = 0;
    for (;;) {
      const uint32_t now = wait_for_job_after(seen);
      if (stop.load(std::memory_order_acquire)) return;
      seen = job_of(now);
      if (!enter(now)) continue;
      work(worker);
      leave();
    }
  }

  void open() {
    const uint32_t job = job_of(word.load(std::memory_order_relaxed)) + 1;
    word.store((job << 16) | kOpen, std::memory_order_release);
    word.notify_all();
  }

  void close() {
    word.fetch_and(~kOpen, std::memory_order_acq_rel);
    for (int spin = 0; spin < kSpins; ++spin) {
      if ((word.load(std::memory_order_acquire) & kInside) == 0) return;
      pause();
    }
    for (;;) {
      const uint32_t ticket = drained.load(std::memory_order_acquire);
      if ((word.load(std::memory_order_acquire) & kInside) == 0) return;
      drained.wait(ticket, std::memory_order_acquire);
    }
  }
};

ThreadPool::ThreadPool(int threads, std::vector<int> cpus) : state_(std::make_unique<State>()) {
  KASURI_CHECK(threads >= 1 && threads < static_cast<int>(kInside), "1 or more threads in a pool");
  KASURI_CHECK(cpus.empty() || static_cast<int>(cpus.size()) == threads,
               "one affinity entry per thread");
  if (!cpus.empty()) pin_to(cpus[0]);
  for (int worker = 1; worker < threads; ++worker) {
    const int cpu = cpus.empty() ? -1 : cpus[worker];
    state_->workers.emplace_back([this, worker, cpu] { state_->serve(worker, cpu); });
  }
}

ThreadPool::~ThreadPool() {
  state_->stop.store(true, std::memory_order_release);
  state_->open();
  for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const { return static_cast<int>(state_->workers.size()) + 1; }

void ThreadPool::parallel_for(int64_t count, int64_t grain, const State::Body& body) {
  if (count <= 0) return;
  const DenormalGuard guard;
  const int64_t chunk =
      std::max({int64_t{1}, grain, count / (int64_t{threads()} * kChunksPerThread)});
  const int64_t pieces = std::max<int64_t>(1, count / chunk);
  if (threads() == 1 || pieces == 1) return body(0, count, 0);
  KASURI_CHECK(!state_->busy.exchange(true), "a thread pool runs one job at a time");
  state_->body = &body;
  state_->count = count;
  state_->pieces = pieces;
  state_->next.store(0, std::memory_order_relaxed);
  state_->open();
  state_->work(0);
  state_->close();
  state_->busy.store(false);
}

}  // namespace kasuri
