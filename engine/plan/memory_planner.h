#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kasuri {

/// One block of memory needed during steps [first, last], both inclusive.
struct MemoryInterval {
  int64_t bytes = 0;
  int first = 0;
  int last = 0;
};

inline constexpr int64_t kArenaAlignment = 64;

struct PlacementOptions {
  bool exact = false;  ///< Search for an optimal placement when the heuristics miss it.
  int64_t search_budget = 40'000'000;  ///< Elementary operations of the search, so that the same
                                       ///< intervals give the same placement on every machine.
};

/// Offsets, in the order of the intervals, all multiples of kArenaAlignment.
struct MemoryPlacement {
  std::vector<int64_t> offsets;
  int64_t total_bytes = 0;
  int64_t lower_bound_bytes = 0;  ///< Largest sum of blocks alive at one step.
};

/// `bytes` rounded up to the alignment of the arena.
int64_t aligned_bytes(int64_t bytes);

/// Bytes alive at each of `steps` steps (aligned sizes).
std::vector<int64_t> live_bytes(std::span<const MemoryInterval> intervals, int steps);

/// Places blocks so that blocks alive at the same step do not overlap. Tries a portfolio (greedy
/// by size, by area, by time; best fit) and keeps the smallest; then, if asked, an exact
/// search (canonical placements with section bounds, as in MiniMalloc, Moffitt 2023) that can only
/// improve the result. A pure function of its arguments.
MemoryPlacement place(std::span<const MemoryInterval> intervals, const PlacementOptions& options);

}  // namespace kasuri
