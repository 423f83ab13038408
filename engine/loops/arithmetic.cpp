#include "engine/loops/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/base/check.h"
#include "engine/loops/index.h"

namespace kasuri::loops {
namespace {

bool unsigned_type(DataType type) { return is_integer(type) && !is_signed_integer(type); }

double unary_float(UnaryOp op, double x) {
  switch (op) {
    case UnaryOp::kNeg:
      return -x;
    case UnaryOp::kAbs:
      return std::fabs(x);
    case UnaryOp::kSqrt:
      return std::sqrt(x);
    case UnaryOp::kRsqrt:
      return 1 / std::sqrt(x);
    case UnaryOp::kReciprocal:
      return 1 / x;
    case UnaryOp::kExp:
      return std::exp(x);
    case UnaryOp::kLog:
      return std::log(x);
    case UnaryOp::kErf:
      return std::erf(x);
    case UnaryOp::kTanh:
      return std::tanh(x);
    case UnaryOp::kSigmoid:
      return 1 / (1 + std::exp(-x));
    case UnaryOp::kSin:
      return std::sin(x);
    case UnaryOp::kCos:
      return std::cos(x);
    case UnaryOp::kTan:
      return std::tan(x);
    case UnaryOp::kAsin:
      return std::asin(x);
    case UnaryOp::kAcos:
      return std::acos(x);
    case UnaryOp::kAtan:
      return std::atan(x);
    case UnaryOp::kSinh:
      return std::sinh(x);
    case UnaryOp::kCosh:
      return std::cosh(x);
    case UnaryOp::kAsinh:
      return std::asinh(x);
    case UnaryOp::kAcosh:
      return std::acosh(x);
    case UnaryOp::kAtanh:
      return std::atanh(x);
    case UnaryOp::kFloor:
      return std::floor(x);
    case UnaryOp::kCeil:
      return std::ceil(x);
    case UnaryOp::kRoundEven:
      return std::nearbyint(x);
    case UnaryOp::kSign:
      return x > 0 ? 1 : x < 0 ? -1 : x;
    case UnaryOp::kSoftplus:
      return std::fmax(x, 0) + std::log1p(std::exp(-std::fabs(x)));
    case UnaryOp::kLog1p:
      return std::log1p(x);
    case UnaryOp::kExpm1:
      return std::expm1(x);
    case UnaryOp::kTrunc:
      return std::trunc(x);
    default:
      fail("an integer or bool operation on floats");
  }
}

int64_t unary_integer(UnaryOp op, DataType type, int64_t x) {
  const auto bits = static_cast<uint64_t>(x);
  const bool negative = x < 0 && !unsigned_type(type);
  switch (op) {
    case UnaryOp::kNeg:
      return static_cast<int64_t>(0 - bits);
    case UnaryOp::kAbs:
      return negative ? static_cast<int64_t>(0 - bits) : x;
    case UnaryOp::kSign:
      return negative ? -1 : x != 0;
    case UnaryOp::kBitNot:
      return ~x;
    case UnaryOp::kNot:
      return x == 0;
    case UnaryOp::kFloor:
    case UnaryOp::kCeil:
    case UnaryOp::kRoundEven:
    case UnaryOp::kTrunc:
      return x;
    case UnaryOp::kIsNaN:
    case UnaryOp::kIsInf:
      return 0;
    default: {
      const Value wide = cast_value({0, x}, type, DataType::kDouble);
      return cast_value({unary_float(op, wide.number), 0}, DataType::kDouble, type).integer;
    }
  }
}

double modulo_float(double a, double b) {
  const double r = std::fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

double binary_float(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::kAdd:
      return a + b;
    case BinaryOp::kSub:
      return a - b;
    case BinaryOp::kMul:
      return a * b;
    case BinaryOp::kDiv:
      return a / b;
    case BinaryOp::kMod:
      return modulo_float(a, b);
    case BinaryOp::kFmod:
      return std::fmod(a, b);
    case BinaryOp::kPow:
      return std::pow(a, b);
    case BinaryOp::kMin:
      return std::isnan(a) ? a : std::isnan(b) ? b : std::min(a, b);
    case BinaryOp::kMax:
      return std::isnan(a) ? a : std::isnan(b) ? b : std::max(a, b);
    case BinaryOp::kAtan2:
      return std::atan2(a, b);
    default:
      fail("an integer or bool operation on floats");
  }
}

bool compare_floats(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::kLess:
      return a < b;
    case BinaryOp::kLessEqual:
      return a <= b;
    case BinaryOp::kGreater:
      return a > b;
    case BinaryOp::kGreaterEqual:
      return a >= b;
    case BinaryOp::kEqual:
      return a == b;
    default:
      return a != b;
  }
}

bool less(DataType type, int64_t a, int64_t b) {
  return unsigned_type(type) ? static_cast<uint64_t>(a) < static_cast<uint64_t>(b) : a < b;
}

bool compare_integers(BinaryOp op, DataType type, int64_t a, int64_t b) {
  switch (op) {
    case BinaryOp::kLess:
      return less(type, a, b);
    case BinaryOp::kLessEqual:
      return !less(type, b, a);
    case BinaryOp::kGreater:
      return less(type, b, a);
    case BinaryOp::kGreaterEqual:
      return !less(type, a, b);
    case BinaryOp::kEqual:
      return a == b;
    default:
      return a != b;
  }
}

int64_t divide(BinaryOp op, DataType type, int64_t a, int64_t b) {
  if (b == 0) return 0;
  const auto ua = static_cast<uint64_t>(a), ub = static_cast<uint64_t>(b);
  if (unsigned_type(type)) return static_cast<int64_t>(op == BinaryOp::kDiv ? ua / ub : ua % ub);
  if (b == -1) return op == BinaryOp::kDiv ? static_cast<int64_t>(0 - ua) : 0;
  if (op == BinaryOp::kDiv) return a / b;
  return op == BinaryOp::kFmod ? a % b : floor_remainder(a, b);
}

int64_t power(DataType type, int64_t base, int64_t exponent) {
  if (exponent < 0 && !unsigned_type(type)) {
    if (base == 1) return 1;
    return base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  }
  uint64_t result = 1, square = static_cast<uint64_t>(base);
  for (auto e = static_cast<uint64_t>(exponent); e != 0; e >>= 1, square *= square)
    if (e & 1) result *= square;
  return static_cast<int64_t>(result);
}

int64_t shift(BinaryOp op, DataType type, int64_t a, int64_t b) {
  if (b < 0 || b >= bits_of(type)) return 0;
  if (op == BinaryOp::kShiftLeft) return static_cast<int64_t>(static_cast<uint64_t>(a) << b);
  return unsigned_type(type) ? static_cast<int64_t>(static_cast<uint64_t>(a) >> b) : a >> b;
}

int64_t binary_integer(BinaryOp op, DataType type, int64_t a, int64_t b) {
  const auto ua = static_cast<uint64_t>(a), ub = static_cast<uint64_t>(b);
  switch (op) {
    case BinaryOp::kAdd:
      return static_cast<int64_t>(ua + ub);
    case BinaryOp::kSub:
      return static_cast<int64_t>(ua - ub);
    case BinaryOp::kMul:
      return static_cast<int64_t>(ua * ub);
    case BinaryOp::kDiv:
    case BinaryOp::kMod:
    case BinaryOp::kFmod:
      return divide(op, type, a, b);
    case BinaryOp::kPow:
      return power(type, a, b);
    case BinaryOp::kMin:
      return less(type, b, a) ? b : a;
    case BinaryOp::kMax:
      return less(type, a, b) ? b : a;
    case BinaryOp::kAnd:
      return a != 0 && b != 0;
    case BinaryOp::kOr:
      return a != 0 || b != 0;
    case BinaryOp::kXor:
      return (a != 0) != (b != 0);
    case BinaryOp::kBitAnd:
      return a & b;
    case BinaryOp::kBitOr:
      return a | b;
    case BinaryOp::kBitXor:
      return a ^ b;
    case BinaryOp::kShiftLeft:
    case BinaryOp::kShiftRight:
      return shift(op, type, a, b);
    default:
      fail("a float operation on integers");
  }
}

int64_t saturated(double x, DataType to) {
  if (std::isnan(x)) return 0;
  const int bits = bits_of(to);
  const bool is_signed = is_signed_integer(to);
  const double top = std::ldexp(1.0, is_signed ? bits - 1 : bits);
  const double t = std::trunc(x);
  if (!is_signed && t <= 0) return 0;
  if (is_signed && t < -top) return static_cast<int64_t>(-top);
  if (t >= top) {
    if (!is_signed && bits == 64) return -1;
    return is_signed && bits == 64 ? std::numeric_limits<int64_t>::max()
                                   : static_cast<int64_t>(top) - 1;
  }
  return is_signed ? static_cast<int64_t>(t) : static_cast<int64_t>(static_cast<uint64_t>(t));
}

double to_float(int64_t x, DataType from, bool to_double) {
  if (from == DataType::kUint64) {
    const auto u = static_cast<uint64_t>(x);
    return to_double ? static_cast<double>(u) : static_cast<float>(u);
  }
  return to_double ? static_cast<double>(x) : static_cast<float>(x);
}

}  // namespace

bool is_comparison(BinaryOp op) { return op >= BinaryOp::kLess && op <= BinaryOp::kNotEqual; }

Value stored_as(DataType type, Value value) {
  const auto single = static_cast<float>(value.number);
  switch (type) {
    case DataType::kDouble:
      return {value.number, 0};
    case DataType::kFloat:
      return {single, 0};
    case DataType::kFloat16:
      return {half_to_float(float_to_half(single)), 0};
    case DataType::kBfloat16:
      return {bfloat_to_float(float_to_bfloat(single)), 0};
    case DataType::kBool:
      return {0, value.integer != 0};
    case DataType::kInt8:
      return {0, static_cast<int8_t>(value.integer)};
    case DataType::kInt16:
      return {0, static_cast<int16_t>(value.integer)};
    case DataType::kInt32:
      return {0, static_cast<int32_t>(value.integer)};
    case DataType::kUint8:
      return {0, static_cast<uint8_t>(value.integer)};
    case DataType::kUint16:
      return {0, static_cast<uint16_t>(value.integer)};
    case DataType::kUint32:
      return {0, static_cast<uint32_t>(value.integer)};
    case DataType::kInt64:
    case DataType::kUint64:
      return {0, value.integer};
    default:
      fail("nests do not compute in " + std::string(name_of(type)));
  }
}

Value apply(UnaryOp op, DataType type, Value a) {
  if (!is_float(type)) {
    const bool test = op == UnaryOp::kIsNaN || op == UnaryOp::kIsInf;
    return stored_as(test ? DataType::kBool : type, {0, unary_integer(op, type, a.integer)});
  }
  if (op == UnaryOp::kIsNaN) return {0, std::isnan(a.number)};
  if (op == UnaryOp::kIsInf) return {0, std::isinf(a.number)};
  return stored_as(type, {unary_float(op, a.number), 0});
}

Value apply(BinaryOp op, DataType type, Value a, Value b) {
  if (is_comparison(op))
    return {0, is_float(type) ? compare_floats(op, a.number, b.number)
                              : compare_integers(op, type, a.integer, b.integer)};
  if (is_float(type)) return stored_as(type, {binary_float(op, a.number, b.number), 0});
  return stored_as(type, {0, binary_integer(op, type, a.integer, b.integer)});
}

Value cast_value(Value a, DataType from, DataType to) {
  if (is_float(from)) {
    if (is_float(to)) return stored_as(to, a);
    if (to == DataType::kBool) return {0, a.number != 0};
    return {0, saturated(a.number, to)};
  }
  if (is_float(to)) return stored_as(to, {to_float(a.integer, from, to == DataType::kDouble), 0});
  return stored_as(to, a);
}

}  // namespace kasuri::loops
