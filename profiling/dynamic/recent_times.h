#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace kasuri::profiling {

/// What something takes on a machine that does other things, too: the lower quartile of the latest
/// times. Pauses only ever add; a mean would follow them, and the first one would stick.
template <size_t kKept = 12>
class RecentTimes {
 public:
  void add(double ms) {
    ms_[count_++ % ms_.size()] = ms;
    std::array<double, kKept> sorted = ms_;
    const size_t known = std::min(count_, sorted.size());
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(known));
    typical_ = sorted[(known - 1) / 4];
  }
  bool empty() const { return count_ == 0; }
  /// 0: nothing is known.
  double typical() const { return typical_; }

 private:
  std::array<double, kKept> ms_{};
  size_t count_ = 0;
  double typical_ = 0;
};

}  // namespace kasuri::profiling
