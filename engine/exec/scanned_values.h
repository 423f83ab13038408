#pragma once

#include <vector>

#include "engine/exec/frame.h"

namespace kasuri {

/// One tensor of a Scan and the axis along which it is cut into the body's inputs or put together
/// from the body's outputs, one slice per iteration.
class ScannedValue {
 public:
  /// `axis` counts from the back where negative; `backwards`: from the last slice to the first.
  ScannedValue(Frame& body, BufferId slice, int64_t axis, bool backwards)
      : body_(body), slice_(slice), axis_(axis), backwards_(backwards) {}

  /// An input: extent along the axis. Errors: it does not fit the planned slice.
  Result<int64_t> take(const Tensor& whole);
  /// An output of `length` slices for the owner's value `to`, made where it lies if that is
  /// planned; none(): nobody wants it. Errors: not what was planned, too large.
  Status make(int64_t length, Frame& owner, BufferId to);
  /// Hands the output over, all slices pasted.
  Status finish(Frame& owner, BufferId to) const;

  void cut(int64_t iteration) const;    ///< The slice becomes the body's input.
  void paste(int64_t iteration) const;  ///< The body's output becomes the slice.

 private:
  template <typename Move>
  void for_each_run(int64_t iteration, const Move& move) const;

  Frame& body_;
  BufferId slice_;
  int64_t axis_;
  bool backwards_;
  Tensor whole_;
  std::byte* memory_ = nullptr;  // of whole_
  int64_t length_ = 0, outer_ = 1;
};

}  // namespace kasuri
