#pragma once

#include <cstdint>

#include "engine/loops/scalar.h"

namespace kasuri::loops {

/// One value of a scalar expression: `number` if its type is a float, otherwise `integer` (bool as
/// 0 or 1, uint64 as its bit pattern, narrower types already wrapped to their width).
struct Value {
  double number = 0;
  int64_t integer = 0;
};

/// The value a type holds after storing `value` (of compute_type(type)): rounding to float32,
/// float16, bfloat16; wrapping to the width of an integer; 0 or 1.
Value stored_as(DataType type, Value value);

Value apply(UnaryOp op, DataType type, Value a);
/// `type` is the one of the arguments. Comparisons give 0 or 1.
Value apply(BinaryOp op, DataType type, Value a, Value b);
/// ONNX Cast; float to integer truncates and saturates, NaN gives 0.
Value cast_value(Value a, DataType from, DataType to);
bool is_comparison(BinaryOp op);

float half_to_float(uint16_t bits);
uint16_t float_to_half(float value);
float bfloat_to_float(uint16_t bits);
uint16_t float_to_bfloat(float value);

}  // namespace kasuri::loops
