#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kasuri::profiling {

/// Times of things that happen many times within one run: bodies of loops and their steps, known
/// by their address in the plan.
class BodyTimes {
 public:
  struct Series {
    std::vector<double> ms;                         ///< By run: sum over calls.
    std::vector<double> calls;                      ///< By run.
    std::vector<std::pair<double, double>> events;  ///< Last run: start, duration; the first ones.
  };
  static constexpr size_t kMostEvents = 200;

  void begin_run();
  void begin(const void* what, double now_ms) { open_.push_back({what, now_ms}); }
  /// Closes the latest begin() of `what`, and whatever an error left open inside it.
  void end(const void* what, double now_ms);
  /// Null where it never happened.
  const Series* find(const void* what) const;

 private:
  struct Open {
    const void* what;
    double began_ms;
  };
  std::unordered_map<const void*, Series> series_;
  std::vector<Open> open_;
  size_t runs_ = 0;
};

}  // namespace kasuri::profiling
