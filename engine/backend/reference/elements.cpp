#include "engine/backend/reference/elements.h"

#include <type_traits>

#include "engine/ir/number_formats.h"

namespace kasuri::reference {
namespace {

template <typename From, typename T>
void convert_from(const Tensor& tensor, int64_t first, std::span<T> out) {
  const From* from = tensor.data<From>().data() + first;
  for (size_t i = 0; i < out.size(); ++i) {
    if constexpr (std::is_floating_point_v<From> && std::is_integral_v<T>)
      out[i] = static_cast<T>(truncate_to_int64(from[i]));
    else
      out[i] = static_cast<T>(from[i]);
  }
}

template <typename T>
T from_double(double value) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(truncate_to_int64(value));
  else
    return static_cast<T>(value);
}

template <typename Bits, typename T>
void decode_from(const Tensor& tensor, int64_t first, std::span<T> out) {
  const Bits* from = tensor.data<Bits>().data() + first;
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = from_double<T>(decode_float(from[i], tensor.dtype()));
}

int64_t code_value(uint8_t code, DataType dtype) {
  if (dtype == DataType::kInt4) return code >= 8 ? code - 16 : code;
  if (dtype == DataType::kInt2) return code >= 2 ? code - 4 : code;
  return code;
}

template <typename T>
void read_codes(const Tensor& tensor, int64_t first, std::span<T> out) {
  const int bits = bits_of(tensor.dtype());
  const auto* bytes = reinterpret_cast<const uint8_t*>(tensor.bytes().data());
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t at = (static_cast<size_t>(first) + i) * static_cast<size_t>(bits);
    const auto code = static_cast<uint8_t>((bytes[at / 8] >> (at % 8)) & ((1 << bits) - 1));
    if (tensor.dtype() == DataType::kFloat4E2M1)
      out[i] = from_double<T>(decode_float(code, tensor.dtype()));
    else
      out[i] = static_cast<T>(code_value(code, tensor.dtype()));
  }
}

template <typename To, typename T>
void store_as(std::span<const T> values, std::byte* out) {
  To* to = reinterpret_cast<To*>(out);
  for (size_t i = 0; i < values.size(); ++i) {
    if constexpr (std::is_floating_point_v<T> && std::is_integral_v<To>)
      to[i] = static_cast<To>(truncate_to_int64(values[i]));
    else
      to[i] = static_cast<To>(values[i]);
  }
}

template <typename Bits, typename T>
void encode_as(DataType dtype, std::span<const T> values, std::byte* out) {
  Bits* to = reinterpret_cast<Bits*>(out);
  const bool small = bits_of(dtype) <= 8;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values[i]);
    to[i] = static_cast<Bits>(
        dtype == DataType::kFloat8E8M0
            ? encode_power(value, PowerRounding::kUp, Overflow::kSaturate)
            : encode_float(value, dtype, small ? Overflow::kSaturate : Overflow::kSpecial));
  }
}

template <typename T>
void store_sub_byte(DataType dtype, std::span<const T> values, std::span<std::byte> out) {
  std::vector<uint8_t> codes(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (dtype == DataType::kFloat4E2M1)
      codes[i] = static_cast<uint8_t>(
          encode_float(static_cast<double>(values[i]), dtype, Overflow::kSaturate));
    else if constexpr (std::is_floating_point_v<T>)
      codes[i] = static_cast<uint8_t>(truncate_to_int64(values[i]));
    else
      codes[i] = static_cast<uint8_t>(values[i]);
  }
  pack_codes(dtype, codes, out);
}

}  // namespace

bool is_sub_byte(DataType dtype) {
  const int bits = bits_of(dtype);
  return bits > 0 && bits < 8;
}

std::vector<uint8_t> unpack_codes(const Tensor& tensor) {
  const int bits = bits_of(tensor.dtype());
  std::vector<uint8_t> codes(static_cast<size_t>(tensor.count()));
  for (size_t i = 0; i < codes.size(); ++i) {
    const size_t at = i * static_cast<size_t>(bits);
    codes[i] = static_cast<uint8_t>((static_cast<uint8_t>(tensor.bytes()[at / 8]) >> (at % 8)) &
                                    ((1 << bits) - 1));
  }
  return codes;
}

void pack_codes(DataType dtype, std::span<const uint8_t> codes, std::span<std::byte> out) {
  const int bits = bits_of(dtype);
  std::fill(out.begin(), out.end(), std::byte{0});
  for (size_t i = 0; i < codes.size(); ++i) {
    const size_t at = i * static_cast<size_t>(bits);
    out[at / 8] |= static_cast<std::byte>((codes[i] & ((1 << bits) - 1)) << (at % 8));
  }
}

template <typename T>
void read_elements(const Tensor& t, int64_t first, std::span<T> out) {
  switch (t.dtype()) {
    case DataType::kFloat:
      return convert_from<float>(t, first, out);
    case DataType::kDouble:
      return convert_from<double>(t, first, out);
    case DataType::kInt8:
      return convert_from<int8_t>(t, first, out);
    case DataType::kUint8:
    case DataType::kBool:
      return convert_from<uint8_t>(t, first, out);
    case DataType::kInt16:
      return convert_from<int16_t>(t, first, out);
    case DataType::kUint16:
      return convert_from<uint16_t>(t, first, out);
    case DataType::kInt32:
      return convert_from<int32_t>(t, first, out);
    case DataType::kUint32:
      return convert_from<uint32_t>(t, first, out);
    case DataType::kInt64:
      return convert_from<int64_t>(t, first, out);
    case DataType::kUint64:
      return convert_from<uint64_t>(t, first, out);
    case DataType::kFloat16:
    case DataType::kBfloat16:
      return decode_from<uint16_t>(t, first, out);
    case DataType::kFloat8E4M3FN:
    case DataType::kFloat8E4M3FNUZ:
    case DataType::kFloat8E5M2:
    case DataType::kFloat8E5M2FNUZ:
    case DataType::kFloat8E8M0:
      return decode_from<uint8_t>(t, first, out);
    case DataType::kUint4:
    case DataType::kInt4:
    case DataType::kFloat4E2M1:
    case DataType::kUint2:
    case DataType::kInt2:
      return read_codes(t, first, out);
    default:
      fail("numbers were expected, not " + std::string(name_of(t.dtype())));
  }
}

template <typename T>
std::vector<T> elements(const Tensor& tensor) {
  require_room_here(tensor.count(), sizeof(T));
  std::vector<T> out(static_cast<size_t>(tensor.count()));
  read_elements<T>(tensor, 0, out);
  return out;
}

template <typename T>
void store_elements(DataType dtype, std::span<const T> values, std::span<std::byte> out) {
  switch (dtype) {
    case DataType::kFloat:
      return store_as<float>(values, out.data());
    case DataType::kDouble:
      return store_as<double>(values, out.data());
    case DataType::kInt8:
      return store_as<int8_t>(values, out.data());
    case DataType::kUint8:
      return store_as<uint8_t>(values, out.data());
    case DataType::kInt16:
      return store_as<int16_t>(values, out.data());
    case DataType::kUint16:
      return store_as<uint16_t>(values, out.data());
    case DataType::kInt32:
      return store_as<int32_t>(values, out.data());
    case DataType::kUint32:
      return store_as<uint32_t>(values, out.data());
    case DataType::kInt64:
      return store_as<int64_t>(values, out.data());
    case DataType::kUint64:
      return store_as<uint64_t>(values, out.data());
    case DataType::kBool:
      for (size_t i = 0; i < values.size(); ++i) out[i] = static_cast<std::byte>(values[i] != 0);
      return;
    case DataType::kFloat16:
    case DataType::kBfloat16:
      return encode_as<uint16_t>(dtype, values, out.data());
    case DataType::kFloat8E4M3FN:
    case DataType::kFloat8E4M3FNUZ:
    case DataType::kFloat8E5M2:
    case DataType::kFloat8E5M2FNUZ:
    case DataType::kFloat8E8M0:
      return encode_as<uint8_t>(dtype, values, out.data());
    case DataType::kUint4:
    case DataType::kInt4:
    case DataType::kFloat4E2M1:
    case DataType::kUint2:
    case DataType::kInt2:
      return store_sub_byte(dtype, values, out);
    default:
      fail("numbers cannot be stored as " + std::string(name_of(dtype)));
  }
}

#define KASURI_LANE(T)                                                  \
  template std::vector<T> elements<T>(const Tensor&);                   \
  template void read_elements<T>(const Tensor&, int64_t, std::span<T>); \
  template void store_elements<T>(DataType, std::span<const T>, std::span<std::byte>);
KASURI_LANE(double)
KASURI_LANE(float)
KASURI_LANE(int64_t)
KASURI_LANE(uint64_t)
#undef KASURI_LANE

}  // namespace kasuri::reference
