#include "engine/ir/data_type.h"

#include <array>

#include "engine/base/check.h"

namespace kasuri {
namespace {

struct Row {
  std::string_view name;
  int bits;
};

constexpr std::array<Row, 27> kRows{{
    {"undefined", 0},      {"float32", 32},     {"uint8", 8},          {"int8", 8},
    {"uint16", 16},        {"int16", 16},       {"int32", 32},         {"int64", 64},
    {"string", 0},         {"bool", 8},         {"float16", 16},       {"float64", 64},
    {"uint32", 32},        {"uint64", 64},      {"complex64", 64},     {"complex128", 128},
    {"bfloat16", 16},      {"float8e4m3fn", 8}, {"float8e4m3fnuz", 8}, {"float8e5m2", 8},
    {"float8e5m2fnuz", 8}, {"uint4", 4},        {"int4", 4},           {"float4e2m1", 4},
    {"float8e8m0", 8},     {"uint2", 2},        {"int2", 2},
}};

const Row& row_of(DataType type) {
  const auto index = static_cast<size_t>(type);
  KASURI_CHECK(index < kRows.size(), "data type out of range");
  return kRows[index];
}

}  // namespace

int bits_of(DataType type) { return row_of(type).bits; }

size_t bytes_for(DataType type, int64_t count) {
  return (static_cast<size_t>(count) * static_cast<size_t>(bits_of(type)) + 7) / 8;
}

std::string_view name_of(DataType type) { return row_of(type).name; }

std::optional<DataType> data_type_from(std::string_view name) {
  for (size_t i = 0; i < kRows.size(); ++i)
    if (kRows[i].name == name) return static_cast<DataType>(i);
  return std::nullopt;
}

bool is_float(DataType type) {
  switch (type) {
    case DataType::kFloat:
    case DataType::kDouble:
    case DataType::kFloat16:
    case DataType::kBfloat16:
    case DataType::kFloat8E4M3FN:
    case DataType::kFloat8E4M3FNUZ:
    case DataType::kFloat8E5M2:
    case DataType::kFloat8E5M2FNUZ:
    case DataType::kFloat4E2M1:
    case DataType::kFloat8E8M0:
      return true;
    default:
      return false;
  }
}

bool is_signed_integer(DataType type) {
  switch (type) {
    case DataType::kInt8:
    case DataType::kInt16:
    case DataType::kInt32:
    case DataType::kInt64:
    case DataType::kInt4:
    case DataType::kInt2:
      return true;
    default:
      return false;
  }
}

bool is_integer(DataType type) {
  switch (type) {
    case DataType::kUint8:
    case DataType::kUint16:
    case DataType::kUint32:
    case DataType::kUint64:
    case DataType::kUint4:
    case DataType::kUint2:
      return true;
    default:
      return is_signed_integer(type);
  }
}

}  // namespace kasuri
