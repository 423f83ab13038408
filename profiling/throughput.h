#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "profiling/runtimes/kasuri_session.h"
#include "profiling/side_worker.h"

namespace kasuri::profiling {

inline constexpr int kThroughputRounds = 5;

/// What the streams of one side finished, round by round (paired with other sides' by position).
struct StreamTimes {
  std::vector<double> runs_per_s;
  std::string how;  ///< What runs at the same time, in the runtime's words.
};

/// Seconds of a round: ten runs of every stream as far as the cores carry them, within bounds, and
/// so much that all rounds together are at least `min_seconds`.
double round_seconds(const SideSpec& spec, double median_ms, int cores, double min_seconds);

/// Alternates rounds of all sides, in an order that is random in each. `seconds`: of a round of
/// each side. Errors: those of a side; cancellation.
Result<std::vector<StreamTimes>> measure_throughput(std::span<SideWorker* const> sides,
                                                    std::span<const double> seconds, uint64_t seed,
                                                    const TaskContext& context);

/// {"items_per_s" (median of the rounds), "low", "high" (of the rounds), "batch", "streams",
///  "rounds": [items per second], "how", "note" (more threads than cores; "" otherwise)}
nlohmann::json describe_throughput(const StreamTimes& times, const SideSpec& spec, int64_t batch,
                                   int cores);
/// The rounds of a session of this process, described as above. The batch is 1 where the graph has
/// none.
Result<nlohmann::json> measure_throughput(KasuriSession& session, int streams, double median_ms,
                                          const TaskContext& context);
/// Of paired rounds: {"ratio" (median), "low", "high" (smallest and largest), "rounds"}
nlohmann::json throughput_delta(const StreamTimes& side, const StreamTimes& baseline);

}  // namespace kasuri::profiling
