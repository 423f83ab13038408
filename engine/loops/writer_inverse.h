#pragma once

#include <optional>
#include <vector>

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// The inverse of where a map stage stores: from the indices of an element back to the point that
/// wrote it. Exists when every variable is a digit of exactly one axis:
///   index = base + c1*v1 + c2*v2 + ...,  c_j a multiple of c_{j+1}, c_j >= c_{j+1} * extent_{j+1}.
class WriterInverse {
 public:
  static std::optional<WriterInverse> of(const Stage& writer);

  /// The writer's variables at element `at`, which it has written.
  std::vector<Index> point(const std::vector<Index>& at) const;
  /// Whether the writer writes element `at`.
  Scalar covers(const std::vector<Index>& at) const;
  /// True if it writes nothing: an extent is 0.
  bool empty() const { return empty_; }

 private:
  struct Digit {
    int variable;
    int64_t weight, extent;
  };
  struct Axis {
    int64_t base = 0;
    std::vector<Digit> digits;  ///< Most significant first.
  };

  std::vector<Axis> axes_;
  size_t rank_ = 0;
  bool empty_ = false;
};

}  // namespace kasuri::loops
