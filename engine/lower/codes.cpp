#include "engine/lower/codes.h"

namespace kasuri::lower {

using loops::BinaryOp;

Scalar decoded(const Scalar& code, const Scalar& scale, const Scalar& zero) {
  Scalar x = loops::cast(code, scale->type);
  if (zero) x = loops::binary(BinaryOp::kSub, x, loops::cast(zero, scale->type));
  return loops::binary(BinaryOp::kMul, x, scale);
}

Scalar encoded(const Scalar& x, const Scalar& scale, const Scalar& zero, DataType to) {
  const int bits = bits_of(to);
  const double high = is_signed_integer(to) ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
  const double low = is_signed_integer(to) ? -high - 1 : 0;
  Scalar q = loops::unary(loops::UnaryOp::kRoundEven, loops::binary(BinaryOp::kDiv, x, scale));
  if (zero) q = loops::binary(BinaryOp::kAdd, q, loops::cast(zero, scale->type));
  q = loops::binary(BinaryOp::kMax, q, number(scale->type, low));
  q = loops::binary(BinaryOp::kMin, q, number(scale->type, high));
  return loops::cast(q, to);
}

}  // namespace kasuri::lower
