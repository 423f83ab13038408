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

/// One block of every side, in the order given.
Status run_round(std::span<TimedSide* const> sides, const std::vector<size_t>& order,
                 BlockTimes& times, const TaskContext& context) {
  std::vector<std::vector<double>> measured(sides.size());
  for (size_t i : order) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    KASURI_TRY(measured[i], sides[i]->run_block(times.sides[i].iterations, context));
    if (measured[i].empty()) return Error("side '" + sides[i]->name() + "' measured nothing");
  }
  for (size_t i = 0; i < sides.size(); ++i) {
    SideTimes& side = times.sides[i];
    side.block_medians.push_back(median(measured[i]));
    side.samples.insert(side.samples.end(), measured[i].begin(), measured[i].end());
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
  BlockOptions settled = options;
  settled.blocks = blocks_for(median_ms, options);
  const int blocks = settled.blocks;
  std::mt19937_64 random(options.seed);
  std::vector<size_t> order(sides.size());
  std::iota(order.begin(), order.end(), size_t{0});
  BlockTimes times;
  times.sides.resize(sides.size());
  for (size_t i = 0; i < sides.size(); ++i)
    times.sides[i].iterations = iterations_for(median_ms[i], settled);
  const Stopwatch watch;
  while (times.blocks_done < blocks) {
    std::shuffle(order.begin(), order.end(), random);
    Status round = run_round(sides, order, times, context);
    if (!round.ok()) {
      const bool enough = times.blocks_done >= kMinimumBlocks;
      if (round.error().kind() != ErrorKind::kCancelled || !enough) return std::move(round).error();
      times.partial = true;
      return times;
    }
    report_block(times, blocks, watch, context);
  }
  return times;
}

}  // namespace kasuri::profiling
