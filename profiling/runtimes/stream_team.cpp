#include "profiling/runtimes/stream_team.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <thread>

#include "engine/plan/memory_check.h"
#include "profiling/clock.h"

namespace kasuri::profiling {
namespace {

constexpr int kMostThreads = 1024;

Status check_streams(const KasuriSession& session, int streams) {
  const PlanRequest& request = session.plan_request();
  if (streams < 1 || streams > kMostStreams)
    return Error(fmt::format("streams must be 1 to {}", kMostStreams));
  if (streams * request.threads > kMostThreads)
    return Error(fmt::format("{} streams of {} threads are more than {} threads in one process",
                             streams, request.threads, kMostThreads));
  const MemorySummary& memory = session.plan().entry().memory;
  const int64_t bytes =
      planned_bytes(memory) + (streams - 1) * (memory.arena_bytes + memory.io_bytes);
  const int64_t limit = memory_limit_of(request.memory_limit);
  if (bytes <= limit) return Done{};
  return Error::unavailable(
      fmt::format("{} streams need {} bytes, the limit is {} (--memory-limit sets another): arena "
                  "{}, inputs and outputs {} of each; ask for fewer with --streams",
                  streams, bytes, limit, memory.arena_bytes, memory.io_bytes));
}

/// What the threads of a round share.
struct Round {
  std::atomic<bool> stop{false};
  Stopwatch watch;  ///< Set again when all have done their first run.
};

struct StreamResult {
  Status status = Done{};
  int64_t runs = 0;
  double end_ms = 0;
};

}  // namespace

Result<std::unique_ptr<StreamTeam>> StreamTeam::create(KasuriSession& session, int streams) {
  KASURI_RETURN_IF_ERROR(check_streams(session, streams));
  std::unique_ptr<StreamTeam> team(new StreamTeam(session));
  for (int i = 1; i < streams; ++i) {
    KASURI_TRY(auto executor, session.executor_beside());
    team->beside_.push_back(std::move(executor));
  }
  return team;
}

Status StreamTeam::run_once(int stream, const TaskContext& context) {
  if (stream == 0) return session_.run(context);
  return beside_[static_cast<size_t>(stream) - 1]->run_bound(context);
}

Result<StreamRound> StreamTeam::run_for(double seconds, double delay_percent,
                                        const TaskContext& context) {
  Round round;
  const auto start_clock = [&round]() noexcept { round.watch = Stopwatch(); };
  std::barrier together(streams(), start_clock);
  std::vector<StreamResult> results(static_cast<size_t>(streams()));
  const auto serve = [&](int stream) {
    StreamResult& result = results[static_cast<size_t>(stream)];
    const TaskContext quiet{context.cancel, {}};
    result.status = run_once(stream, quiet);
    together.arrive_and_wait();
    while (result.status.ok() && !round.stop) {
      const Stopwatch run;
      result.status = run_once(stream, quiet);
      if (!result.status.ok()) break;
      if (delay_percent > 0) spin_for_milliseconds(run.milliseconds() * delay_percent / 100);
      ++result.runs;
      result.end_ms = round.watch.milliseconds();
      if (result.end_ms >= seconds * 1e3) break;
    }
    if (!result.status.ok()) round.stop = true;
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < streams(); ++i) threads.emplace_back(serve, i);
  }
  StreamRound out;
  for (StreamResult& result : results) {
    KASURI_RETURN_IF_ERROR(std::move(result.status));
    out.runs += result.runs;
    out.seconds = std::max(out.seconds, result.end_ms / 1e3);
  }
  return out;
}

Result<std::vector<RuntimeValue>> StreamTeam::outputs(int stream) const {
  if (stream < 0 || stream >= streams()) return Error("there is no such stream");
  if (stream == 0) return session_.outputs();
  return beside_[static_cast<size_t>(stream) - 1]->bound_outputs();
}

}  // namespace kasuri::profiling
