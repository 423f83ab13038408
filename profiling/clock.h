#pragma once

#include <chrono>

namespace kasuri::profiling {

/// Wall-clock time from the monotonic clock, in milliseconds.
class Stopwatch {
 public:
  Stopwatch() : start_(std::chrono::steady_clock::now()) {}
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_)
        .count();
  }

 private:
  std::chrono::steady_clock::time_point start_;
};

/// CPU time of all threads of this process, in milliseconds.
double process_cpu_milliseconds();

/// Keeps this thread busy for that long.
void spin_for_milliseconds(double milliseconds);

}  // namespace kasuri::profiling
