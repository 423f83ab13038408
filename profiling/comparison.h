#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/cancel_token.h"
#include "engine/base/result.h"
#include "profiling/sensors.h"

namespace kasuri::profiling {

/// One live, warm side of a comparison. While it is not asked to run, it sleeps.
class TimedSide {
 public:
  virtual ~TimedSide() = default;
  virtual const std::string& name() const = 0;
  /// Milliseconds of each of `iterations` runs, from submit to results on the host.
  virtual Result<std::vector<double>> run_block(int iterations, const TaskContext& context) = 0;
};

struct BlockOptions {
  int blocks = 0;         ///< At least kMinimumBlocks; 0: see blocks_for().
  double target_ms = 40;  ///< Wanted length of a block.
  int samples = 0;        ///< At least so many runs per side; 0: enough for a p90 if that is cheap.
  double min_seconds = 0;       ///< At least so much measured time per side.
  double duration_seconds = 0;  ///< Go on for so long (a soak), in longer blocks.
  uint64_t seed = 1;            ///< Of the order of sides inside the blocks.
};
inline constexpr int kMinimumBlocks = 9;

/// Blocks per side when nobody asked for a number: 61 for runs up to 20 ms, 41 up to 60 ms,
/// else 21.
int blocks_for(std::span<const double> median_ms, const BlockOptions& options);
/// Runs per block for a side whose run takes `median_ms` once warm; options.blocks is set.
int iterations_for(double median_ms, const BlockOptions& options);

/// What one side did, block by block (the same number of blocks for all sides).
struct SideTimes {
  std::vector<double> samples;        ///< Every run, in order; of a soak a part, evenly spaced.
  std::vector<double> block_medians;  ///< Paired with the other sides' by position.
  int iterations = 0;
  std::optional<double>
      joules;  ///< Of the packages during this side's blocks, idle power included.
  int64_t runs = 0;
};

struct BlockTimes {
  std::vector<SideTimes> sides;
  int blocks_done = 0;
  double seconds = 0;
  std::vector<SensorReading> sensors;  ///< Begin, some in between, end.
  std::string energy_why;              ///< Why no side has joules.
  bool partial = false;                ///< Cancelled after some blocks; what exists is valid.
};

/// Alternates blocks of all sides; the order inside each round is random. `median_ms` gives each
/// side's warm run time. Errors: those of a side; cancellation before kMinimumBlocks are done.
Result<BlockTimes> alternate_blocks(std::span<TimedSide* const> sides,
                                    std::span<const double> median_ms, const BlockOptions& options,
                                    const TaskContext& context);

}  // namespace kasuri::profiling
