#include "engine/base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <thread>

#include "engine/base/check.h"

namespace kasuri {
namespace {

TEST(ThreadPool, VisitsEveryIndexOnce) {
  for (int threads : {1, 2, 3, 5}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (int64_t count : {0, 1, 2, 7, 64, 1001}) {
      for (int64_t grain : {1, 3, 100, 5000}) {
        std::vector<std::atomic<int>> visits(count);
        pool.parallel_for(count, grain, [&](int64_t begin, int64_t end, int worker) {
          EXPECT_GE(worker, 0);
          EXPECT_LT(worker, threads);
          EXPECT_TRUE(end - begin >= grain || end - begin == count);
          for (int64_t i = begin; i < end; ++i) ++visits[i];
        });
        for (int64_t i = 0; i < count; ++i) ASSERT_EQ(visits[i], 1) << i << " of " << count;
      }
    }
  }
}

TEST(ThreadPool, ManyShortJobsKeepTheirSums) {
  ThreadPool pool(3);
  for (int job = 0; job < 20000; ++job) {
    std::atomic<int64_t> sum{0};
    pool.parallel_for(12, 1, [&](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; ++i) sum += i;
    });
    ASSERT_EQ(sum, 66) << "job " << job;
  }
}

TEST(ThreadPool, WorksAgainAfterItsWorkersSlept) {
  ThreadPool pool(2);
  for (int job = 0; job < 5; ++job) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::atomic<int> sum{0};
    pool.parallel_for(
        100, 1, [&](int64_t begin, int64_t end, int) { sum += static_cast<int>(end - begin); });
    EXPECT_EQ(sum, 100);
  }
}

TEST(ThreadPool, WorkersHelp) {
  ThreadPool pool(2);
  std::atomic<int> arrived{0};
  pool.parallel_for(2, 1, [&](int64_t, int64_t, int) {
    ++arrived;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (arrived < 2 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  });
  EXPECT_EQ(arrived, 2);
}

TEST(ThreadPool, RefusesReentry) {
  ThreadPool pool(2);
  std::atomic<int> refused{0};
  pool.parallel_for(8, 1, [&](int64_t, int64_t, int) {
    try {
      pool.parallel_for(8, 1, [](int64_t, int64_t, int) {});
    } catch (const InternalError&) {
      ++refused;
    }
  });
  EXPECT_EQ(refused, 8);
}

float halved_denormal() {
  volatile float x = std::numeric_limits<float>::min();
  volatile float y = x * 0.5f;
  return y;
}

TEST(ThreadPool, FlushesDenormalsInsideJobsOnly) {
  EXPECT_NE(halved_denormal(), 0.0f);
  for (int threads : {1, 2}) {
    ThreadPool pool(threads);
    std::atomic<int> kept{0};
    pool.parallel_for(64, 1, [&](int64_t, int64_t, int) {
      if (halved_denormal() != 0.0f) ++kept;
    });
    EXPECT_EQ(kept, 0);
  }
  EXPECT_NE(halved_denormal(), 0.0f);
}

TEST(DenormalGuard, RestoresTheModeItFound) {
  {
    const DenormalGuard outer;
    {
      const DenormalGuard inner;
    }
    EXPECT_EQ(halved_denormal(), 0.0f);
  }
  EXPECT_NE(halved_denormal(), 0.0f);
}

}  // namespace
}  // namespace kasuri
