#include "profiling/body_times.h"

#include <algorithm>

namespace kasuri::profiling {

void BodyTimes::begin_run() {
  ++runs_;
  open_.clear();
  for (auto& [what, series] : series_) {
    series.ms.resize(runs_, 0);
    series.calls.resize(runs_, 0);
    series.events.clear();
  }
}

void BodyTimes::end(const void* what, double now_ms) {
  const auto at = std::find_if(open_.rbegin(), open_.rend(),
                               [&](const Open& open) { return open.what == what; });
  if (at == open_.rend()) return;
  const double began = at->began_ms;
  open_.erase(std::prev(at.base()), open_.end());
  Series& series = series_[what];
  series.ms.resize(runs_, 0);
  series.calls.resize(runs_, 0);
  series.ms.back() += now_ms - began;
  series.calls.back() += 1;
  if (series.events.size() < kMostEvents) series.events.emplace_back(began, now_ms - began);
}

const BodyTimes::Series* BodyTimes::find(const void* what) const {
  const auto it = series_.find(what);
  return it == series_.end() ? nullptr : &it->second;
}

}  // namespace kasuri::profiling
