#pragma once

#include <vector>

#include "engine/exec/frame.h"

namespace kasuri {

/// Values of one output of a body, one per iteration, joined along a new axis in front (Loop).
class StackedOutput {
 public:
  /// `from`: the body's output; `to`: where the owner wants all of them.
  StackedOutput(Frame& body, BufferId from, Frame& owner, BufferId to);

  /// Takes the value of the iteration just run. Errors: no tensor, more or larger than can be.
  Status add();
  /// Hands the joined values to the owner. Errors: extents differ, not as many as were planned.
  Status finish();

 private:
  Status add_bytes(std::span<const std::byte> bytes);
  Status add_value(const RuntimeValue& value);

  Frame& body_;
  BufferId from_;
  Frame& owner_;
  BufferId to_;
  bool in_place_;  // written where the owner's value lies
  int64_t count_ = 0;
  std::vector<int64_t> extents_;  // of the first item
  DataType dtype_ = DataType::kUndefined;
  std::vector<std::byte> bytes_;
  std::vector<std::string> strings_;
};

}  // namespace kasuri
