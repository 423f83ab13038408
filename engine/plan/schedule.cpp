#include "engine/plan/schedule.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "engine/plan/memory_planner.h"

namespace kasuri {
namespace {

using Order = std::vector<int>;

/// Values as numbered blocks of memory: which units write and read each.
struct Block {
  int64_t bytes = 0;
  int writer = -1;
  std::vector<int> readers;
  bool kept = false;  // an output: alive to the end
};

class Scheduler {
 public:
  Scheduler(const Graph& graph, const std::vector<RoutedUnit>& units, bool views_are_aliases)
      : count_(static_cast<int>(units.size())) {
    std::vector<PlanUnit> plain;
    for (const RoutedUnit& unit : units) plain.push_back(unit.unit);
    dependencies_ = unit_dependencies(plain);
    readers_.resize(units.size());
    for (int u = 0; u < count_; ++u)
      for (int d : dependencies_[u]) readers_[d].push_back(u);
    collect_blocks(graph, units, views_are_aliases);
  }

  Order given() const {
    Order order(count_);
    std::iota(order.begin(), order.end(), 0);
    return order;
  }

  /// Producers are visited from the outputs down, each just before its first reader.
  Order depth_first() const {
    Order order;
    std::vector<int> next(count_, 0);
    std::vector<bool> done(count_, false);
    for (int root = 0; root < count_; ++root) {
      if (!readers_[root].empty() || done[root]) continue;
      std::vector<int> stack{root};
      while (!stack.empty()) {
        const int u = stack.back();
        if (next[u] < static_cast<int>(dependencies_[u].size())) {
          const int d = dependencies_[u][next[u]++];
          if (!done[d]) stack.push_back(d);
          continue;
        }
        stack.pop_back();
        if (!done[u]) order.push_back(u);
        done[u] = true;
      }
    }
    return order;
  }

  Order breadth_first() const {
    std::vector<int> depth(count_, 0);
    for (int u = 0; u < count_; ++u)
      for (int d : dependencies_[u]) depth[u] = std::max(depth[u], depth[d] + 1);
    Order order = given();
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return depth[a] < depth[b]; });
    return order;
  }

  /// Among the ready units the one that leaves least memory alive (then the earliest).
  Order least_peak() const {
    std::vector<int> waiting(count_, 0), unread(blocks_.size());
    for (int u = 0; u < count_; ++u) waiting[u] = static_cast<int>(dependencies_[u].size());
    for (size_t b = 0; b < blocks_.size(); ++b)
      unread[b] = static_cast<int>(blocks_[b].readers.size());
    std::set<int> ready;
    for (int u = 0; u < count_; ++u)
      if (waiting[u] == 0) ready.insert(u);
    Order order;
    while (!ready.empty()) {
      int best = -1;
      int64_t best_growth = INT64_MAX;
      for (int u : ready) {
        const int64_t growth = growth_of(u, unread);
        if (growth < best_growth) {
          best_growth = growth;
          best = u;
        }
      }
      ready.erase(best);
      order.push_back(best);
      for (int b : reads_[best]) --unread[b];
      for (int r : readers_[best])
        if (--waiting[r] == 0) ready.insert(r);
    }
    return order;
  }

  int64_t peak(const Order& order) const {
    std::vector<int> at(count_);
    for (int i = 0; i < count_; ++i) at[order[i]] = i;
    std::vector<MemoryInterval> intervals;
    for (const Block& block : blocks_) {
      if (block.writer < 0) continue;
      int last = block.kept ? count_ - 1 : at[block.writer];
      for (int r : block.readers) last = std::max(last, at[r]);
      intervals.push_back({block.bytes, at[block.writer], last});
    }
    const auto live = live_bytes(intervals, std::max(1, count_));
    return *std::max_element(live.begin(), live.end());
  }

 private:
  void collect_blocks(const Graph& graph, const std::vector<RoutedUnit>& units, bool aliases) {
    std::map<ValueId, int> block_of;
    reads_.resize(units.size());
    writes_.resize(units.size());
    for (int u = 0; u < count_; ++u) {
      const RoutedUnit& unit = units[u];
      for (ValueId in : unit.unit.inputs) {
        const auto it = block_of.find(in);
        if (it == block_of.end()) continue;
        auto& readers = blocks_[it->second].readers;
        if (!readers.empty() && readers.back() == u) continue;
        readers.push_back(u);
        reads_[u].push_back(it->second);
      }
      const bool view = aliases && unit.kind == StepKind::kCopy && unit.pieces.size() == 1 &&
                        block_of.contains(unit.unit.inputs[unit.pieces[0].input]);
      for (ValueId out : unit.unit.outputs) {
        if (view) {
          block_of[out] = block_of[unit.unit.inputs[unit.pieces[0].input]];
          continue;
        }
        block_of[out] = static_cast<int>(blocks_.size());
        writes_[u].push_back(block_of[out]);
        blocks_.push_back({size_of(graph, out), u, {}, graph.is_output(out)});
      }
    }
  }

  static int64_t size_of(const Graph& graph, ValueId id) {
    const ValueType& type = graph.value(id).type;
    if (!type.is_static_tensor() || graph.is_output(id)) return 0;
    return static_cast<int64_t>(
        bytes_for(type.dtype, element_count(*extents_of(*type.shape)).value_or(0)));
  }

  int64_t growth_of(int u, const std::vector<int>& unread) const {
    int64_t growth = 0;
    for (int b : writes_[u]) growth += blocks_[b].bytes;
    for (int b : reads_[u])
      if (unread[b] == 1 && !blocks_[b].kept) growth -= blocks_[b].bytes;
    return growth;
  }

  int count_;
  std::vector<std::vector<int>> dependencies_, readers_;
  std::vector<Block> blocks_;
  std::vector<std::vector<int>> reads_, writes_;  // by unit: blocks
};

}  // namespace

std::vector<int> order_units(const Graph& graph, const std::vector<RoutedUnit>& units, bool by_peak,
                             bool views_are_aliases) {
  const Scheduler scheduler(graph, units, views_are_aliases);
  Order best = scheduler.given();
  if (!by_peak) return best;
  int64_t best_peak = scheduler.peak(best);
  for (Order order : {scheduler.depth_first(), scheduler.breadth_first(), scheduler.least_peak()}) {
    const int64_t peak = scheduler.peak(order);
    if (peak >= best_peak) continue;
    best_peak = peak;
    best = std::move(order);
  }
  return best;
}

}  // namespace kasuri
