#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

inline constexpr int kMostStreams = 64;

/// What streams finished together.
struct StreamRound {
  int64_t runs = 0;    ///< Of all streams.
  double seconds = 0;  ///< From the common start to the end of the last run.
};

/// Streams of one planned session that run at the same time. They share the plan and its weights;
/// each has an arena, inputs and threads of its own. The session's executor is the first of them,
/// so that N streams take the memory of N.
class StreamTeam {
 public:
  /// The session stays ready and bound as it is for as long as the team lives. Errors: streams
  /// outside 1 to kMostStreams, more threads than a process should have, more memory than the
  /// session's limit.
  static Result<std::unique_ptr<StreamTeam>> create(KasuriSession& session, int streams);

  int streams() const { return static_cast<int>(beside_.size()) + 1; }
  /// After one run each that does not count, every stream starts runs for so long, one at least.
  /// `delay_percent`: busy waiting added to each run, for self-tests.
  Result<StreamRound> run_for(double seconds, double delay_percent, const TaskContext& context);
  /// What the last run of a stream left.
  Result<std::vector<RuntimeValue>> outputs(int stream) const;

 private:
  explicit StreamTeam(KasuriSession& session) : session_(session) {}
  Status run_once(int stream, const TaskContext& context);

  KasuriSession& session_;
  std::vector<std::unique_ptr<Executor>> beside_;
};

}  // namespace kasuri::profiling
