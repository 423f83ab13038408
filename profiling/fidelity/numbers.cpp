#include "profiling/fidelity/numbers.h"

#include <bit>
#include <cmath>
#include <limits>

#include "profiling/fidelity/output_difference.h"

namespace kasuri::profiling {
namespace {

template <typename T>
std::vector<double> plain(const Tensor& tensor) {
  const auto data = tensor.data<T>();
  return {data.begin(), data.end()};
}

template <typename Convert>
std::vector<double> converted(const Tensor& tensor, const Convert& convert) {
  std::vector<double> out;
  out.reserve(static_cast<size_t>(tensor.count()));
  for (uint16_t bits : tensor.data<uint16_t>()) out.push_back(convert(bits));
  return out;
}

}  // namespace

double half_to_double(uint16_t bits) {
  const double sign = (bits & 0x8000u) != 0 ? -1.0 : 1.0;
  const int exponent = (bits >> 10) & 0x1F;
  const int mantissa = bits & 0x3FF;
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  if (exponent == 31)
    return mantissa != 0 ? std::numeric_limits<double>::quiet_NaN()
                         : sign * std::numeric_limits<double>::infinity();
  return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

double bfloat_to_double(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

std::optional<std::vector<double>> numbers_of(const Tensor& tensor) {
  switch (tensor.dtype()) {
    case DataType::kFloat:
      return plain<float>(tensor);
    case DataType::kDouble:
      return plain<double>(tensor);
    case DataType::kInt8:
      return plain<int8_t>(tensor);
    case DataType::kUint8:
    case DataType::kBool:
      return plain<uint8_t>(tensor);
    case DataType::kInt16:
      return plain<int16_t>(tensor);
    case DataType::kUint16:
      return plain<uint16_t>(tensor);
    case DataType::kInt32:
      return plain<int32_t>(tensor);
    case DataType::kUint32:
      return plain<uint32_t>(tensor);
    case DataType::kInt64:
      return plain<int64_t>(tensor);
    case DataType::kUint64:
      return plain<uint64_t>(tensor);
    case DataType::kFloat16:
      return converted(tensor, half_to_double);
    case DataType::kBfloat16:
      return converted(tensor, bfloat_to_double);
    default:
      return std::nullopt;
  }
}

}  // namespace kasuri::profiling
