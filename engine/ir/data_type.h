#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kasuri {

/// Element types; the numbers are those of ONNX TensorProto.DataType.
enum class DataType : uint8_t {
  kUndefined = 0,
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kString = 8,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kComplex64 = 14,
  kComplex128 = 15,
  kBfloat16 = 16,
  kFloat8E4M3FN = 17,
  kFloat8E4M3FNUZ = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FNUZ = 20,
  kUint4 = 21,
  kInt4 = 22,
  kFloat4E2M1 = 23,
  kFloat8E8M0 = 24,
  kUint2 = 25,
  kInt2 = 26,
};

/// Bits of one element in a packed buffer; 0 for strings and undefined.
int bits_of(DataType type);
/// Bytes of `count` elements, sub-byte types packed low bits first, rounded up.
size_t bytes_for(DataType type, int64_t count);
/// The ONNX name in lower case: "float32", "int64", "bfloat16", "float8e4m3fn".
std::string_view name_of(DataType type);
std::optional<DataType> data_type_from(std::string_view name);

bool is_float(DataType type);    ///< float, double, float16, bfloat16 and the float8/4 family.
bool is_integer(DataType type);  ///< Signed or unsigned, sub-byte included; not bool.
bool is_signed_integer(DataType type);

}  // namespace kasuri
