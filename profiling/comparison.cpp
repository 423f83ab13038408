#include "profiling/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "engine/base/check.h"
#include "profiling/clock.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

constexpr double kCheapRunMs = 400;
constexpr int kMostIterations = 20000;
constexpr int kBlocksOfSoak = 400, kSamplesOfSoakBlock = 50;
constexpr size_t kSensorReadings = 200;

/// Every n-th run, so that at most so many of a block stay.
void keep_samples(const std::vector<double>& measured, bool soak, std::vector<double>& samples) {
  const size_t most = soak ? size_t{kSamplesOfSoakBlock} : measured.size();
  const size_t step = std::max<size_t>(1, measured.size() / std::max<size_t>(1, most));
  for (size_t i = 0; i < measured.size(); i += step) samples.push_back(measured[i]);
}

/// Blocks so long that a soak has about kBlocksOfSoak of them.
BlockOptions settled_options(std::span<const double> median_ms, const BlockOptions& options) {
  BlockOptions settled = options;
  settled.blocks = blocks_for(median_ms, options);
  if (options.duration_seconds > 0)
    settled.target_ms =
        std::max(options.target_ms, options.duration_seconds * 1e3 /
                                        static_cast<double>(kBlocksOfSoak * median_ms.size()));
  return settled;
}

void note_sensors(BlockTimes& times, const Stopwatch& watch) {
  times.sensors.push_back(read_sensors());
  times.sensors.back().seconds = watch.milliseconds() / 1e3;
}

/// One block of every side, in the order given.
Status run_round(std::span<TimedSide* const> sides, const std::vector<size_t>& order, bool soak,
                 BlockTimes& times, EnergyMeter& energy, const TaskContext& context) {
  std::vector<std::vector<double>> measured(sides.size());
  for (size_t i : order) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    (void)energy.joules_since_last();
    KASURI_TRY(measured[i], sides[i]->run_block(times.sides[i].iterations, context));
    if (measured[i].empty()) return Error("side '" + sides[i]->name() + "' measured nothing");
    SideTimes& side = times.sides[i];
    side.runs += side.iterations;
    if (const auto joules = energy.joules_since_last())
      side.joules = side.joules.value_or(0) + *joules;
  }
  for (size_t i = 0; i < sides.size(); ++i) {
    SideTimes& side = times.sides[i];
    side.block_medians.push_back(median(measured[i]));
    keep_samples(measured[i], soak, side.samples);
  }
  ++times.blocks_done;
  return Done{};
}

void report_block(const BlockTimes& times, int blocks, const Stopwatch& watch,
                  const TaskContext& context) {
  const double left = watch.milliseconds() / times.blocks_done * (blocks - times.blocks_done) / 1e3;
  context.report(fmt::format("Block {} of {}, {:.0f} s left", times.blocks_done, blocks, left),
                 times.blocks_done, blocks);
}

}  // namespace

int blocks_for(std::span<const double> median_ms, const BlockOptions& options) {
  if (options.blocks > 0) return std::max(options.blocks, kMinimumBlocks);
  const double slowest = *std::max_element(median_ms.begin(), median_ms.end());
  return slowest <= 20 ? 61 : slowest <= 60 ? 41 : 21;
}

int iterations_for(double median_ms, const BlockOptions& options) {
  const double run = std::max(median_ms, 1e-3);
  double wanted = std::ceil(options.target_ms / run);
  const double per_block = options.samples > 0 ? std::ceil(1.0 * options.samples / options.blocks)
                           : run < kCheapRunMs
                               ? std::max(3.0, std::ceil(1.0 * kSamplesForP90 / options.blocks))
                               : 1;
  wanted =
      std::max({wanted, per_block, std::ceil(options.min_seconds * 1e3 / options.blocks / run)});
  return static_cast<int>(std::clamp(wanted, 1.0, 1.0 * kMostIterations));
}

Result<BlockTimes> alternate_blocks(std::span<TimedSide* const> sides,
                                    std::span<const double> median_ms, const BlockOptions& options,
                                    const TaskContext& context) {
  KASURI_CHECK(sides.size() == median_ms.size(), "one warm time per side");
  const BlockOptions settled = settled_options(median_ms, options);
  const bool soak = options.duration_seconds > 0;
  const int blocks = settled.blocks;
  std::mt19937_64 random(options.seed);
  std::vector<size_t> order(sides.size());
  std::iota(order.begin(), order.end(), size_t{0});
  BlockTimes times;
  times.sides.resize(sides.size());
  for (size_t i = 0; i < sides.size(); ++i)
    times.sides[i].iterations = iterations_for(median_ms[i], settled);
  EnergyMeter energy;
  times.energy_why = energy.why();
  const Stopwatch watch;
  note_sensors(times, watch);
  const auto share_of_soak = [&] {
    return soak ? watch.milliseconds() / 1e3 / options.duration_seconds : 1.0;
  };
  while (times.blocks_done < blocks || share_of_soak() < 1) {
    std::shuffle(order.begin(), order.end(), random);
    Status round = run_round(sides, order, soak, times, energy, context);
    times.seconds = watch.milliseconds() / 1e3;
    if (!round.ok()) {
      const bool enough = times.blocks_done >= kMinimumBlocks;
      if (round.error().kind() != ErrorKind::kCancelled || !enough) return std::move(round).error();
      times.partial = true;
      break;
    }
    if (soak && share_of_soak() * kSensorReadings > static_cast<double>(times.sensors.size()))
      note_sensors(times, watch);
    if (soak)
      context.report(
          fmt::format("Soak, {:.0f} of {:.0f} s", times.seconds, options.duration_seconds),
          times.seconds, options.duration_seconds);
    else
      report_block(times, blocks, watch, context);
  }
  note_sensors(times, watch);
  return times;
}

}  // namespace kasuri::profiling
