#include "profiling/clock.h"

#include <time.h>

namespace kasuri::profiling {

double process_cpu_milliseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

void spin_for_milliseconds(double milliseconds) {
  const Stopwatch watch;
  while (watch.milliseconds() < milliseconds) {
  }
}

}  // namespace kasuri::profiling
