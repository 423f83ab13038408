#include "engine/plan/exact_placement.h"

#include <algorithm>

namespace kasuri {
namespace {

class Search {
 public:
  Search(std::span<const MemoryInterval> blocks, int64_t budget, MemoryPlacement& best)
      : blocks_(blocks), best_(best), offsets_(blocks.size(), -1), budget_(budget) {
    for (const MemoryInterval& b : blocks) steps_ = std::max(steps_, b.last + 1);
    floor_.assign(steps_, 0);
    pending_.assign(steps_, 0);
    for (const MemoryInterval& b : blocks)
      for (int t = b.first; t <= b.last; ++t) pending_[t] += aligned_bytes(b.bytes);
  }

  void run() { descend(0, 0); }

 private:
  bool out_of_budget() {
    budget_ -= steps_;
    for (size_t i = 0; i < blocks_.size(); ++i)
      budget_ -= offsets_[i] < 0 ? blocks_[i].last - blocks_[i].first + 2 : 1;
    stopped_ |= budget_ < 0;
    return stopped_;
  }

  /// The lowest place above everything already placed that lives at the same time.
  int64_t floor_of(const MemoryInterval& b) const {
    return *std::max_element(floor_.begin() + b.first, floor_.begin() + b.last + 1);
  }

  bool fits(int64_t capacity) const {
    for (int t = 0; t < steps_; ++t)
      if (floor_[t] + pending_[t] > capacity) return false;
    return true;
  }

  struct Candidate {
    size_t block;
    int64_t offset;
  };

  std::vector<Candidate> candidates(int64_t least_offset) const {
    std::vector<Candidate> out;
    int64_t lowest_top = INT64_MAX;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      if (offsets_[i] >= 0) continue;
      const int64_t offset = std::max(least_offset, floor_of(blocks_[i]));
      out.push_back({i, offset});
      lowest_top = std::min(lowest_top, offset + aligned_bytes(blocks_[i].bytes));
    }
    // A block that starts at or above the top of another candidate can wait for it.
    std::erase_if(out, [&](const Candidate& c) { return c.offset >= lowest_top; });
    std::sort(out.begin(), out.end(), [&](const Candidate& a, const Candidate& b) {
      if (a.offset != b.offset) return a.offset < b.offset;
      return area(a.block) > area(b.block);
    });
    return out;
  }

  int64_t area(size_t i) const {
    return blocks_[i].bytes * (int64_t{blocks_[i].last} - blocks_[i].first + 1);
  }

  void record() {
    int64_t total = 0;
    for (size_t i = 0; i < blocks_.size(); ++i)
      total = std::max(total, offsets_[i] + aligned_bytes(blocks_[i].bytes));
    if (total >= best_.total_bytes) return;
    best_.offsets = offsets_;
    best_.total_bytes = total;
    if (total <= best_.lower_bound_bytes) stopped_ = true;
  }

  void descend(size_t placed, int64_t least_offset) {
    if (stopped_ || out_of_budget()) return;
    if (placed == blocks_.size()) return record();
    for (const Candidate& c : candidates(least_offset)) {
      const MemoryInterval& b = blocks_[c.block];
      const int64_t size = aligned_bytes(b.bytes);
      const std::vector<int64_t> saved(floor_.begin() + b.first, floor_.begin() + b.last + 1);
      for (int t = b.first; t <= b.last; ++t) {
        floor_[t] = c.offset + size;
        pending_[t] -= size;
      }
      offsets_[c.block] = c.offset;
      if (fits(best_.total_bytes - 1)) descend(placed + 1, c.offset);
      offsets_[c.block] = -1;
      std::copy(saved.begin(), saved.end(), floor_.begin() + b.first);
      for (int t = b.first; t <= b.last; ++t) pending_[t] += size;
      if (stopped_) return;
    }
  }

  std::span<const MemoryInterval> blocks_;
  MemoryPlacement& best_;
  std::vector<int64_t> offsets_, floor_, pending_;
  int64_t budget_;
  int steps_ = 1;
  bool stopped_ = false;
};

}  // namespace

void improve_placement(std::span<const MemoryInterval> blocks, int64_t budget,
                       MemoryPlacement& best) {
  constexpr size_t kLargestSearch = 2000;  // the recursion is as deep as the number of blocks
  if (blocks.empty() || blocks.size() > kLargestSearch) return;
  Search(blocks, budget, best).run();
}

}  // namespace kasuri
