#pragma once

#include "engine/codegen/vector_math.h"
#include "engine/loops/scalar.h"

namespace kasuri::codegen {

/// One operation of the scalar language on register values (scalars, or vectors of one width), with
/// the meaning loops::interpret gives it: integer division never traps, shifts by the width or more
/// give 0, casts from float saturate.
class Arithmetic {
 public:
  Arithmetic(Frame& frame, VectorMath& math) : b(frame.builder), math_(math) {}

  using Value = llvm::Value;
  Value* unary(loops::UnaryOp op, DataType type, Value* x);
  /// `type`: of the operands.
  Value* binary(loops::BinaryOp op, DataType type, Value* x, Value* y);
  Value* cast(DataType from, DataType to, Value* x);

  Value* minimum(DataType type, Value* x, Value* y);  ///< NaN if either is.
  Value* maximum(DataType type, Value* x, Value* y);

 private:
  Value* float_unary(loops::UnaryOp op, Value* x);
  Value* integer_unary(loops::UnaryOp op, DataType type, Value* x);
  Value* logical(loops::BinaryOp op, Value* x, Value* y);
  Value* float_binary(loops::BinaryOp op, Value* x, Value* y);
  Value* integer_binary(loops::BinaryOp op, DataType type, Value* x, Value* y);
  Value* comparison(loops::BinaryOp op, DataType type, Value* x, Value* y);
  Value* divide(bool is_signed, Value* x, Value* y);
  Value* remainder(bool is_signed, bool floored, Value* x, Value* y);
  Value* shift(bool left, bool is_signed, Value* x, Value* y);
  Value* power(DataType type, Value* x, Value* y);
  Value* square_root_power(Value* x);
  Value* float_modulo(Value* x, Value* y);
  Value* round_to(DataType type, Value* x);
  Value* saturated(DataType to, Value* x);
  Value* zero(Value* like);

  llvm::IRBuilderBase& b;
  VectorMath& math_;
};

}  // namespace kasuri::codegen
