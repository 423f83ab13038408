#include "engine/ir/number_formats.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/base/check.h"

namespace kasuri {
namespace {

struct Format {
  int exponent_bits;
  int mantissa_bits;
  int bias;
  uint32_t largest;    // code of the largest finite magnitude
  uint32_t infinity;   // 0: none
  uint32_t nan;        // 0: none
  bool unsigned_zero;  // one zero; the code of -0 is the NaN
};

const Format& format_of(DataType type) {
  static constexpr Format kHalf{5, 10, 15, 0x7bff, 0x7c00, 0x7e00, false};
  static constexpr Format kBrain{8, 7, 127, 0x7f7f, 0x7f80, 0x7fc0, false};
  static constexpr Format kE4M3{4, 3, 7, 0x7e, 0, 0x7f, false};
  static constexpr Format kE4M3Uz{4, 3, 8, 0x7f, 0, 0x80, true};
  static constexpr Format kE5M2{5, 2, 15, 0x7b, 0x7c, 0x7f, false};
  static constexpr Format kE5M2Uz{5, 2, 16, 0x7f, 0, 0x80, true};
  static constexpr Format kE2M1{2, 1, 1, 0x7, 0, 0x8, false};  // a NaN becomes -0
  switch (type) {
    case DataType::kFloat16:
      return kHalf;
    case DataType::kBfloat16:
      return kBrain;
    case DataType::kFloat8E4M3FN:
      return kE4M3;
    case DataType::kFloat8E4M3FNUZ:
      return kE4M3Uz;
    case DataType::kFloat8E5M2:
      return kE5M2;
    case DataType::kFloat8E5M2FNUZ:
      return kE5M2Uz;
    case DataType::kFloat4E2M1:
      return kE2M1;
    default:
      fail("a small floating format was expected");
  }
}

uint32_t sign_bit(const Format& f) { return 1u << (f.exponent_bits + f.mantissa_bits); }

uint32_t rounded_code(double magnitude, const Format& f) {
  const int smallest_exponent = 1 - f.bias;
  if (magnitude >= std::ldexp(1.0, smallest_exponent)) {
    const int drop = 52 - f.mantissa_bits;
    uint64_t bits = std::bit_cast<uint64_t>(magnitude);
    bits += ((uint64_t{1} << (drop - 1)) - 1) + ((bits >> drop) & 1);
    const uint64_t code =
        (bits >> drop) - (static_cast<uint64_t>(1023 - f.bias) << f.mantissa_bits);
    return static_cast<uint32_t>(std::min<uint64_t>(code, UINT32_MAX));
  }
  return static_cast<uint32_t>(
      std::nearbyint(std::ldexp(magnitude, f.mantissa_bits - smallest_exponent)));
}

}  // namespace

uint32_t encode_float(double value, DataType format, Overflow overflow) {
  const Format& f = format_of(format);
  if (std::isnan(value)) return f.nan;
  const uint32_t sign = std::signbit(value) ? sign_bit(f) : 0;
  const double magnitude = std::fabs(value);
  uint32_t code = std::isinf(value) ? UINT32_MAX : rounded_code(magnitude, f);
  if (code > f.largest) {
    if (overflow == Overflow::kSaturate)
      code = f.largest;
    else if (f.infinity != 0)
      code = f.infinity;
    else if (f.nan > f.largest && format != DataType::kFloat4E2M1)
      return f.unsigned_zero ? f.nan : sign | f.nan;
    else
      code = f.largest;
  }
  return code == 0 && f.unsigned_zero ? 0 : sign | code;
}

double decode_float(uint32_t bits, DataType format) {
  if (format == DataType::kFloat8E8M0)
    return bits == 255 ? std::numeric_limits<double>::quiet_NaN()
                       : std::ldexp(1.0, static_cast<int>(bits) - 127);
  const Format& f = format_of(format);
  const uint32_t sign = sign_bit(f);
  if (f.unsigned_zero && bits == f.nan) return std::numeric_limits<double>::quiet_NaN();
  const uint32_t magnitude = bits & (sign - 1);
  double value;
  if (magnitude > f.largest)
    value = magnitude == f.infinity ? std::numeric_limits<double>::infinity()
                                    : std::numeric_limits<double>::quiet_NaN();
  else if (magnitude >> f.mantissa_bits)
    value = std::bit_cast<double>((static_cast<uint64_t>(magnitude) << (52 - f.mantissa_bits)) +
                                  (static_cast<uint64_t>(1023 - f.bias) << 52));
  else
    value = std::ldexp(magnitude, 1 - f.bias - f.mantissa_bits);
  return bits & sign ? -value : value;
}

uint32_t encode_power(double value, PowerRounding rounding, Overflow overflow) {
  constexpr uint32_t kNan = 255, kLargest = 254;
  if (std::isnan(value)) return kNan;
  const double magnitude = std::fabs(value);
  if (std::isinf(magnitude)) return overflow == Overflow::kSaturate ? kLargest : kNan;
  if (magnitude == 0) return 0;
  int exponent = 0;
  const double fraction = std::frexp(magnitude, &exponent) * 2;  // in [1, 2)
  int code = exponent - 1 + 127;
  if (rounding == PowerRounding::kUp && fraction > 1) ++code;
  if (rounding == PowerRounding::kNearest && fraction >= 1.5) ++code;
  if (code > static_cast<int>(kLargest)) return overflow == Overflow::kSaturate ? kLargest : kNan;
  return static_cast<uint32_t>(std::max(code, 0));
}

int64_t truncate_to_int64(double value) {
  constexpr double kEdge = 9223372036854775808.0;
  if (!(value >= -kEdge && value < kEdge)) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

}  // namespace kasuri
