#pragma once

#include <cstdint>
#include <vector>

#include "profiling/dynamic/exit_runner.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {

/// Times of the same inputs three ways, in alternation, each the median of three runs.
struct ExitLatency {
  int64_t batch = 1;
  std::vector<double> early_ms;  ///< With the thresholds.
  std::vector<double> full_ms;   ///< The full model by its own plan.
  std::vector<double> whole_ms;  ///< Through all parts, judged at each, nobody leaving.
  double expected_ms = 0;        ///< Sum over exits of share x time to reach it, parts measured.
  Interval speedup;              ///< Mean full / mean early, 95 % over inputs.
  Interval worst_case;           ///< Median of whole / full, the input that never leaves.
};

/// Runs `batches` batches of the data (in order, again from the start when they end).
Result<ExitLatency> measure_exits(ExitRunner& runner, const LabelledData& data,
                                  const ExitPolicy& policy, int64_t batch, int64_t batches,
                                  const TaskContext& context);

}  // namespace kasuri::profiling
