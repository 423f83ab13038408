#pragma once

#include <QElapsedTimer>
#include <QTimer>

#include <functional>

namespace kasuri::app {

/// The longest turns of the event loop, in milliseconds.
struct LongestTurn {
  double work = 0;  ///< Of this thread's own processor time: other programs do not lengthen it.
  double wait = 0;  ///< On the clock.
  int turns = 0;
};

/// Ticks as often as the event loop lets it.
class Watchdog {
 public:
  Watchdog();
  const LongestTurn& longest() const { return longest_; }

 private:
  QTimer timer_;
  QElapsedTimer clock_;
  LongestTurn longest_;
  double work_ = 0;
};

/// The longest turn while `work` runs, an event loop of its own included. Over `limit` ms of work
/// it is run once more, and the shorter counts: what a virtual machine takes away looks like our
/// own work, but does not come back, as a turn that is too long does.
LongestTurn longestTurnOf(const std::function<void()>& work, double limit);

}  // namespace kasuri::app
