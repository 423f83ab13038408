#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/loops/linear.h"
#include "engine/loops/simplify.h"

namespace kasuri::loops {

/// Rewrites indices over one domain by the laws of mixed-radix numbers, for c, g, d > 0:
///   (c*x + b) div c = x + b div c                    (c*x + b) mod c = b mod c
///   (g*x + b) div (g*d) = x div d                    (g*x + b) mod (g*d) = g*(x mod d) + b
///                                                                          if 0 <= b < g
///   (h + x div c) div d = (c*h + x) div (c*d)        (x mod (c*d)) mod c = x mod c
///   (x mod (c*d)) div c = (x div c) mod d            y mod c = y - c*(y div c)
///   y mod c + c*(q mod d) = (y + c*(q - y div c)) mod (c*d)
/// Ranges come from the extents. Equal subtrees by address are rewritten once.
class IndexSimplifier {
 public:
  explicit IndexSimplifier(std::vector<int64_t> extents) : extents_(std::move(extents)) {}

  Index apply(const Index& index) { return index_of(linear(index)); }
  Linear linear(const Index& index);
  const std::vector<int64_t>& extents() const { return extents_; }

 private:
  Linear atom(const Index& index);
  Linear divided(Linear x, int64_t c);
  Linear remainder(Linear x, int64_t c);
  Linear remainder_of_rest(Linear x, int64_t c);
  Linear extreme(const Index& index);
  /// Applies the last two laws while that saves divisions.
  Linear recombined(Linear x);
  bool recombine_once(Linear& x);
  Linear with_pair_joined(const Linear& x, const Linear::Term& low, const Linear::Term* high);
  Interval range(const Linear& x) const { return interval_of(index_of(x), extents_); }
  /// n if c*n <= x < c*(n + 1) everywhere.
  std::optional<int64_t> block_of(const Linear& x, int64_t c) const;
  /// A factor g of c such that x = g*high + low with 0 <= low < g; 1 if there is none.
  int64_t radix_of(const Linear& x, int64_t c) const;

  std::vector<int64_t> extents_;
  std::unordered_map<const IndexNode*, Linear> known_;
  std::vector<Index> kept_;  ///< Keeps the addresses in known_ alive.
};

/// Nodes of kind floor_div and mod, as a measure of what an index costs.
int division_count(const Index& index);

}  // namespace kasuri::loops
