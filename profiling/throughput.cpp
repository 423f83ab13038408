#include "profiling/throughput.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

#include "engine/base/check.h"
#include "profiling/comparison_summary.h"
#include "profiling/environment.h"
#include "profiling/runtimes/stream_team.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kRunsOfStream = 10, kShortestRound = 0.15, kLongestRound = 5;

int cores_for(const SideSpec& spec, int cores) {
  return std::max(1, spec.cpus.empty() ? cores : static_cast<int>(spec.cpus.size()));
}

Status run_round(SideWorker& side, double seconds, StreamTimes& times, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(context.cancel.check());
  KASURI_TRY(const json answer, side.run_streams(seconds, context));
  const double took = answer.at("seconds").get<double>();
  if (!(took > 0)) return Error("side '" + side.name() + "' measured no throughput");
  times.runs_per_s.push_back(answer.at("runs").get<double>() / took);
  times.how = answer.value("how", "");
  return Done{};
}

}  // namespace

double round_seconds(const SideSpec& spec, double median_ms, int cores, double min_seconds) {
  const double crowd = std::max(1.0, 1.0 * spec.streams * spec.threads / cores_for(spec, cores));
  return std::max(
      std::clamp(kRunsOfStream * median_ms / 1e3 * crowd, kShortestRound, kLongestRound),
      min_seconds / kThroughputRounds);
}

Result<std::vector<StreamTimes>> measure_throughput(std::span<SideWorker* const> sides,
                                                    std::span<const double> seconds, uint64_t seed,
                                                    const TaskContext& context) {
  KASURI_CHECK(sides.size() == seconds.size(), "one round length per side");
  std::mt19937_64 random(seed);
  std::vector<size_t> order(sides.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::vector<StreamTimes> times(sides.size());
  for (int round = 0; round < kThroughputRounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    context.report(fmt::format("Throughput, round {} of {}", round + 1, kThroughputRounds), round,
                   kThroughputRounds);
    for (size_t i : order)
      KASURI_RETURN_IF_ERROR(run_round(*sides[i], seconds[i], times[i], context));
  }
  return times;
}

json describe_throughput(const StreamTimes& times, const SideSpec& spec, int64_t batch, int cores) {
  std::vector<double> rounds = times.runs_per_s;
  for (double& rate : rounds) rate *= static_cast<double>(batch);
  const int here = cores_for(spec, cores);
  const std::string note =
      spec.streams * spec.threads > here
          ? fmt::format("{} streams of {} threads share {} cores", spec.streams, spec.threads, here)
          : "";
  return {{"items_per_s", median(rounds)},
          {"low", *std::min_element(rounds.begin(), rounds.end())},
          {"high", *std::max_element(rounds.begin(), rounds.end())},
          {"batch", batch},
          {"streams", spec.streams},
          {"rounds", rounds},
          {"how", times.how},
          {"note", note}};
}

Result<json> measure_throughput(KasuriSession& session, int streams, double median_ms,
                                const TaskContext& context) {
  SideSpec spec;
  spec.threads = session.plan_request().threads;
  spec.cpus = session.plan_request().cpus;
  spec.streams = streams;
  const int cores = read_environment().cores;
  const double seconds = round_seconds(spec, median_ms, cores, 0);
  KASURI_TRY(const auto team, StreamTeam::create(session, streams));
  StreamTimes times{{}, "executors of one plan, each with its own arena, inputs and threads"};
  for (int i = 0; i < kThroughputRounds; ++i) {
    KASURI_TRY(const StreamRound round, team->run_for(seconds, 0, context));
    times.runs_per_s.push_back(static_cast<double>(round.runs) / round.seconds);
  }
  return describe_throughput(times, spec, batch_of(session.graph()), cores);
}

json throughput_delta(const StreamTimes& side, const StreamTimes& baseline) {
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(side.runs_per_s.size(), baseline.runs_per_s.size()); ++i)
    ratios.push_back(side.runs_per_s[i] / baseline.runs_per_s[i]);
  if (ratios.empty()) return nullptr;
  return {{"ratio", median(ratios)},
          {"low", *std::min_element(ratios.begin(), ratios.end())},
          {"high", *std::max_element(ratios.begin(), ratios.end())},
          {"rounds", ratios.size()}};
}

}  // namespace kasuri::profiling
