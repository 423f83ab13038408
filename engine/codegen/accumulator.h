#pragma once

#include <vector>

#include "engine/codegen/arithmetic.h"
#include "engine/loops/nest.h"

namespace kasuri::codegen {

/// The running value of a reduction in registers: one part for most operations, value and index for
/// arg-max and arg-min. Parts are mutable slots, vectors when the reduction runs in lanes.
class Accumulator {
 public:
  using Value = llvm::Value;
  struct Kind {
    loops::ReduceOp op;
    DataType type;            ///< Of the values reduced.
    bool wide_index = false;  ///< arg-max and arg-min: positions need 64 bits.
  };

  /// Starts at the neutral element in `width` lanes.
  Accumulator(Frame& frame, Arithmetic& arithmetic, Kind kind, int width);

  bool is_positional() const;
  /// Folds in one value (and its position); lanes outside `mask` keep what they have.
  void add(Value* value, Value* position, Value* mask);
  /// Folds in another accumulator of the same width.
  void add(const Accumulator& other);
  /// Folds the lanes into a fresh accumulator of width 1, halves onto halves in fixed order.
  Accumulator across_lanes() const;
  /// The result: the value, or the position.
  Value* result() const;
  void set(Value* value);

 private:
  Value* neutral();
  Value* combine(Value* a, Value* x);
  Value* better(Value* value, Value* position);
  Value* load(int part) const;
  llvm::Type* index_type() const;

  Frame* frame_;
  Arithmetic* arithmetic_;
  Kind kind_;
  int width_;
  std::vector<llvm::AllocaInst*> slots_;
};

}  // namespace kasuri::codegen
