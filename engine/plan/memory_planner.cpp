#include "engine/plan/memory_planner.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "engine/plan/exact_placement.h"

namespace kasuri {
namespace {

using Order = std::vector<size_t>;

bool overlap(const MemoryInterval& a, const MemoryInterval& b) {
  return a.first <= b.last && b.first <= a.last;
}

/// Puts blocks down in the given order, each into the tightest gap between those already placed.
MemoryPlacement best_fit(std::span<const MemoryInterval> blocks, const Order& order) {
  MemoryPlacement result;
  result.offsets.assign(blocks.size(), 0);
  Order by_offset;  // placed blocks, ascending offset
  for (size_t i : order) {
    const int64_t size = aligned_bytes(blocks[i].bytes);
    int64_t top = 0, best = -1, best_gap = INT64_MAX;
    for (size_t j : by_offset) {
      if (!overlap(blocks[i], blocks[j])) continue;
      const int64_t gap = result.offsets[j] - top;
      if (gap >= size && gap < best_gap) {
        best_gap = gap;
        best = top;
      }
      top = std::max(top, result.offsets[j] + aligned_bytes(blocks[j].bytes));
    }
    result.offsets[i] = best >= 0 ? best : top;
    result.total_bytes = std::max(result.total_bytes, result.offsets[i] + size);
    const auto at =
        std::upper_bound(by_offset.begin(), by_offset.end(), i,
                         [&](size_t a, size_t b) { return result.offsets[a] < result.offsets[b]; });
    by_offset.insert(at, i);
  }
  return result;
}

std::vector<Order> portfolio(std::span<const MemoryInterval> blocks) {
  Order base(blocks.size());
  std::iota(base.begin(), base.end(), size_t{0});
  const auto sorted = [&](const std::function<int64_t(const MemoryInterval&)>& key) {
    Order order = base;
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return key(blocks[a]) > key(blocks[b]); });
    return order;
  };
  const auto length = [](const MemoryInterval& b) { return int64_t{b.last} - b.first + 1; };
  return {sorted([](const auto& b) { return b.bytes; }),
          sorted([&](const auto& b) { return b.bytes * length(b); }),
          sorted([&](const auto& b) { return length(b); }),
          sorted([](const auto& b) { return -int64_t{b.first}; })};
}

}  // namespace

int64_t aligned_bytes(int64_t bytes) {
  return (bytes + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
}

std::vector<int64_t> live_bytes(std::span<const MemoryInterval> intervals, int steps) {
  std::vector<int64_t> change(static_cast<size_t>(steps) + 1, 0);
  for (const MemoryInterval& b : intervals) {
    const int first = std::clamp(b.first, 0, steps), last = std::clamp(b.last + 1, 0, steps);
    change[first] += aligned_bytes(b.bytes);
    change[last] -= aligned_bytes(b.bytes);
  }
  std::vector<int64_t> live(static_cast<size_t>(steps), 0);
  std::partial_sum(change.begin(), change.begin() + steps, live.begin());
  return live;
}

MemoryPlacement place(std::span<const MemoryInterval> intervals, const PlacementOptions& options) {
  int steps = 1;
  for (const MemoryInterval& b : intervals) steps = std::max(steps, b.last + 1);
  const std::vector<int64_t> live = live_bytes(intervals, steps);
  const int64_t bound = *std::max_element(live.begin(), live.end());
  MemoryPlacement best;
  best.total_bytes = INT64_MAX;
  for (const Order& order : portfolio(intervals)) {
    MemoryPlacement placed = best_fit(intervals, order);
    if (placed.total_bytes < best.total_bytes) best = std::move(placed);
    if (best.total_bytes == bound) break;
  }
  best.lower_bound_bytes = bound;
  if (options.exact && best.total_bytes > bound)
    improve_placement(intervals, options.search_budget, best);
  return best;
}

}  // namespace kasuri
