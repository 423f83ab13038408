#include "engine/codegen/arithmetic.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>

#include <cmath>

#include "engine/base/check.h"
#include "engine/codegen/lanes.h"

namespace kasuri::codegen {

using llvm::CmpInst;
using loops::BinaryOp;
using loops::UnaryOp;
namespace intrinsic = llvm::Intrinsic;

llvm::Value* Arithmetic::zero(Value* like) { return llvm::Constant::getNullValue(like->getType()); }

llvm::Value* Arithmetic::unary(UnaryOp op, DataType type, Value* x) {
  if (is_float(type)) return float_unary(op, x);
  if (type == DataType::kBool) {
    if (op == UnaryOp::kNot || op == UnaryOp::kBitNot) return b.CreateNot(x);
    if (op == UnaryOp::kIsNaN || op == UnaryOp::kIsInf) return zero(x);
    return x;
  }
  return integer_unary(op, type, x);
}

llvm::Value* Arithmetic::integer_unary(UnaryOp op, DataType type, Value* x) {
  const bool is_signed = is_signed_integer(type);
  switch (op) {
    case UnaryOp::kNeg:
      return b.CreateNeg(x);
    case UnaryOp::kAbs:
      return is_signed ? b.CreateBinaryIntrinsic(intrinsic::abs, x, b.getFalse()) : x;
    case UnaryOp::kBitNot:
      return b.CreateNot(x);
    case UnaryOp::kNot:
      return b.CreateZExt(b.CreateICmpEQ(x, zero(x)), x->getType());
    case UnaryOp::kSign: {
      Value* positive = b.CreateZExt(
          is_signed ? b.CreateICmpSGT(x, zero(x)) : b.CreateICmpNE(x, zero(x)), x->getType());
      if (!is_signed) return positive;
      return b.CreateSub(positive, b.CreateZExt(b.CreateICmpSLT(x, zero(x)), x->getType()));
    }
    case UnaryOp::kFloor:
    case UnaryOp::kCeil:
    case UnaryOp::kRoundEven:
    case UnaryOp::kTrunc:
      return x;
    case UnaryOp::kIsNaN:
    case UnaryOp::kIsInf:
      return llvm::Constant::getNullValue(type_like(b.getInt1Ty(), x));
    default: {
      Value* real = float_unary(op, cast(type, DataType::kDouble, x));
      return cast(DataType::kDouble, type, real);
    }
  }
}

llvm::Value* Arithmetic::float_unary(UnaryOp op, Value* x) {
  const auto plain = [&](llvm::Intrinsic::ID id) { return b.CreateUnaryIntrinsic(id, x); };
  switch (op) {
    case UnaryOp::kNeg:
      return b.CreateFNeg(x);
    case UnaryOp::kAbs:
      return plain(intrinsic::fabs);
    case UnaryOp::kSqrt:
      return plain(intrinsic::sqrt);
    case UnaryOp::kRsqrt:
      return b.CreateFDiv(math_.number(x, 1), plain(intrinsic::sqrt));
    case UnaryOp::kReciprocal:
      return b.CreateFDiv(math_.number(x, 1), x);
    case UnaryOp::kExp:
      return math_.exp(x);
    case UnaryOp::kLog:
      return math_.log(x);
    case UnaryOp::kErf:
      return math_.erf(x);
    case UnaryOp::kTanh:
      return math_.tanh(x);
    case UnaryOp::kSigmoid:
      return math_.sigmoid(x);
    case UnaryOp::kSin:
      return math_.sin(x);
    case UnaryOp::kCos:
      return math_.cos(x);
    case UnaryOp::kTan:
      return math_.library("tan", x);
    case UnaryOp::kAsin:
      return math_.library("asin", x);
    case UnaryOp::kAcos:
      return math_.library("acos", x);
    case UnaryOp::kAtan:
      return math_.library("atan", x);
    case UnaryOp::kSinh:
      return math_.library("sinh", x);
    case UnaryOp::kCosh:
      return math_.library("cosh", x);
    case UnaryOp::kAsinh:
      return math_.library("asinh", x);
    case UnaryOp::kAcosh:
      return math_.library("acosh", x);
    case UnaryOp::kAtanh:
      return math_.library("atanh", x);
    case UnaryOp::kFloor:
      return plain(intrinsic::floor);
    case UnaryOp::kCeil:
      return plain(intrinsic::ceil);
    case UnaryOp::kRoundEven:
      return plain(intrinsic::roundeven);
    case UnaryOp::kTrunc:
      return plain(intrinsic::trunc);
    case UnaryOp::kSign: {
      Value* one = b.CreateBinaryIntrinsic(intrinsic::copysign, math_.number(x, 1), x);
      return b.CreateSelect(b.CreateFCmpONE(x, zero(x)), one, x);
    }
    case UnaryOp::kIsNaN:
      return b.CreateFCmpUNO(x, x);
    case UnaryOp::kIsInf:
      return b.CreateFCmpOEQ(plain(intrinsic::fabs), math_.number(x, HUGE_VAL));
    case UnaryOp::kSoftplus:
      return math_.softplus(x);
    case UnaryOp::kLog1p:
      return math_.log1p(x);
    case UnaryOp::kExpm1:
      return math_.expm1(x);
    case UnaryOp::kNot:
      return b.CreateFCmpOEQ(x, zero(x));
    case UnaryOp::kBitNot:
      break;
  }
  fail("operation not defined on floats");
}

llvm::Value* Arithmetic::binary(BinaryOp op, DataType type, Value* x, Value* y) {
  switch (op) {
    case BinaryOp::kLess:
    case BinaryOp::kLessEqual:
    case BinaryOp::kGreater:
    case BinaryOp::kGreaterEqual:
    case BinaryOp::kEqual:
    case BinaryOp::kNotEqual:
      return comparison(op, type, x, y);
    case BinaryOp::kMin:
      return minimum(type, x, y);
    case BinaryOp::kMax:
      return maximum(type, x, y);
    case BinaryOp::kPow:
      return power(type, x, y);
    default:
      break;
  }
  if (is_float(type)) return float_binary(op, x, y);
  return integer_binary(op, type, x, y);
}

llvm::Value* Arithmetic::comparison(BinaryOp op, DataType type, Value* x, Value* y) {
  const bool real = is_float(type), sign = is_signed_integer(type);
  const auto pick = [&](CmpInst::Predicate f, CmpInst::Predicate s, CmpInst::Predicate u) {
    return real ? b.CreateFCmp(f, x, y) : b.CreateICmp(sign ? s : u, x, y);
  };
  switch (op) {
    case BinaryOp::kLess:
      return pick(CmpInst::FCMP_OLT, CmpInst::ICMP_SLT, CmpInst::ICMP_ULT);
    case BinaryOp::kLessEqual:
      return pick(CmpInst::FCMP_OLE, CmpInst::ICMP_SLE, CmpInst::ICMP_ULE);
    case BinaryOp::kGreater:
      return pick(CmpInst::FCMP_OGT, CmpInst::ICMP_SGT, CmpInst::ICMP_UGT);
    case BinaryOp::kGreaterEqual:
      return pick(CmpInst::FCMP_OGE, CmpInst::ICMP_SGE, CmpInst::ICMP_UGE);
    case BinaryOp::kEqual:
      return pick(CmpInst::FCMP_OEQ, CmpInst::ICMP_EQ, CmpInst::ICMP_EQ);
    default:
      return pick(CmpInst::FCMP_UNE, CmpInst::ICMP_NE, CmpInst::ICMP_NE);
  }
}

llvm::Value* Arithmetic::minimum(DataType type, Value* x, Value* y) {
  if (type == DataType::kBool) return b.CreateAnd(x, y);
  if (!is_float(type))
    return b.CreateBinaryIntrinsic(is_signed_integer(type) ? intrinsic::smin : intrinsic::umin, x,
                                   y);
  Value* less = b.CreateSelect(b.CreateFCmpOLT(x, y), x, y);
  return b.CreateSelect(b.CreateFCmpUNO(x, x), x, less);
}

llvm::Value* Arithmetic::maximum(DataType type, Value* x, Value* y) {
  if (type == DataType::kBool) return b.CreateOr(x, y);
  if (!is_float(type))
    return b.CreateBinaryIntrinsic(is_signed_integer(type) ? intrinsic::smax : intrinsic::umax, x,
                                   y);
  Value* greater = b.CreateSelect(b.CreateFCmpOGT(x, y), x, y);
  return b.CreateSelect(b.CreateFCmpUNO(x, x), x, greater);
}

llvm::Value* Arithmetic::float_binary(BinaryOp op, Value* x, Value* y) {
  switch (op) {
    case BinaryOp::kAdd:
      return b.CreateFAdd(x, y);
    case BinaryOp::kSub:
      return b.CreateFSub(x, y);
    case BinaryOp::kMul:
      return b.CreateFMul(x, y);
    case BinaryOp::kDiv:
      return b.CreateFDiv(x, y);
    case BinaryOp::kMod:
      return float_modulo(x, y);
    case BinaryOp::kFmod:
      return math_.library("fmod", x, y);
    case BinaryOp::kAtan2:
      return math_.library("atan2", x, y);
    default:
      fail("operation not defined on floats");
  }
}

llvm::Value* Arithmetic::float_modulo(Value* x, Value* y) {
  Value* rest = math_.library("fmod", x, y);
  Value* other_side = b.CreateXor(b.CreateFCmpOLT(rest, zero(x)), b.CreateFCmpOLT(y, zero(x)));
  Value* adjust = b.CreateAnd(other_side, b.CreateFCmpONE(rest, zero(x)));
  return b.CreateSelect(adjust, b.CreateFAdd(rest, y), rest);
}

llvm::Value* Arithmetic::integer_binary(BinaryOp op, DataType type, Value* x, Value* y) {
  const bool sign = is_signed_integer(type);
  switch (op) {
    case BinaryOp::kAdd:
      return type == DataType::kBool ? b.CreateOr(x, y) : b.CreateAdd(x, y);
    case BinaryOp::kAnd:
    case BinaryOp::kOr:
    case BinaryOp::kXor:
      return logical(op, x, y);
    case BinaryOp::kSub:
      return b.CreateSub(x, y);
    case BinaryOp::kMul:
      return b.CreateMul(x, y);
    case BinaryOp::kDiv:
      return divide(sign, x, y);
    case BinaryOp::kMod:
      return remainder(sign, true, x, y);
    case BinaryOp::kFmod:
      return remainder(sign, false, x, y);
    case BinaryOp::kBitAnd:
      return b.CreateAnd(x, y);
    case BinaryOp::kBitOr:
      return b.CreateOr(x, y);
    case BinaryOp::kBitXor:
      return b.CreateXor(x, y);
    case BinaryOp::kShiftLeft:
      return shift(true, sign, x, y);
    case BinaryOp::kShiftRight:
      return shift(false, sign, x, y);
    default:
      fail("operation not defined on integers");
  }
}

/// The truth of x and y, as 0 or 1 of their type.
llvm::Value* Arithmetic::logical(BinaryOp op, Value* x, Value* y) {
  Value* p = b.CreateICmpNE(x, zero(x));
  Value* q = b.CreateICmpNE(y, zero(y));
  Value* truth = op == BinaryOp::kAnd  ? b.CreateAnd(p, q)
                 : op == BinaryOp::kOr ? b.CreateOr(p, q)
                                       : b.CreateXor(p, q);
  return b.CreateZExt(truth, x->getType());
}

llvm::Value* Arithmetic::divide(bool is_signed, Value* x, Value* y) {
  Value* one = llvm::ConstantInt::get(x->getType(), 1);
  Value* by_zero = b.CreateICmpEQ(y, zero(y));
  if (!is_signed) {
    Value* quotient = b.CreateUDiv(x, b.CreateSelect(by_zero, one, y));
    return b.CreateSelect(by_zero, zero(x), quotient);
  }
  Value* by_minus_one = b.CreateICmpEQ(y, llvm::Constant::getAllOnesValue(y->getType()));
  Value* safe = b.CreateSelect(b.CreateOr(by_zero, by_minus_one), one, y);
  Value* quotient = b.CreateSelect(by_minus_one, b.CreateNeg(x), b.CreateSDiv(x, safe));
  return b.CreateSelect(by_zero, zero(x), quotient);
}

llvm::Value* Arithmetic::remainder(bool is_signed, bool floored, Value* x, Value* y) {
  Value* one = llvm::ConstantInt::get(x->getType(), 1);
  Value* by_zero = b.CreateICmpEQ(y, zero(y));
  if (!is_signed) return b.CreateURem(x, b.CreateSelect(by_zero, one, y));
  Value* by_minus_one = b.CreateICmpEQ(y, llvm::Constant::getAllOnesValue(y->getType()));
  Value* rest = b.CreateSRem(x, b.CreateSelect(b.CreateOr(by_zero, by_minus_one), one, y));
  if (!floored) return rest;
  Value* other_side = b.CreateICmpSLT(b.CreateXor(rest, y), zero(x));
  Value* adjust = b.CreateAnd(other_side, b.CreateICmpNE(rest, zero(x)));
  return b.CreateSelect(adjust, b.CreateAdd(rest, y), rest);
}

llvm::Value* Arithmetic::shift(bool left, bool is_signed, Value* x, Value* y) {
  const unsigned width = x->getType()->getScalarSizeInBits();
  Value* far = b.CreateICmpUGE(y, llvm::ConstantInt::get(y->getType(), width));
  Value* count = b.CreateSelect(far, zero(y), y);
  Value* shifted = left        ? b.CreateShl(x, count)
                   : is_signed ? b.CreateAShr(x, count)
                               : b.CreateLShr(x, count);
  return b.CreateSelect(far, zero(x), shifted);
}

llvm::Value* Arithmetic::power(DataType type, Value* x, Value* y) {
  if (!is_float(type)) {
    const bool sign = is_signed_integer(type);
    llvm::Type* wide = b.getInt64Ty();
    Value* result = math_.library(sign ? "power" : "unsigned_power", resized(b, x, wide, sign),
                                  resized(b, y, wide, sign));
    return resized(b, result, x->getType()->getScalarType());
  }
  const auto* constant = llvm::dyn_cast<llvm::Constant>(y);
  if (constant != nullptr && y->getType()->isVectorTy()) constant = constant->getSplatValue();
  if (const auto* exponent = llvm::dyn_cast_or_null<llvm::ConstantFP>(constant)) {
    if (exponent->isExactlyValue(2)) return b.CreateFMul(x, x);
    if (exponent->isExactlyValue(1)) return x;
    if (exponent->isExactlyValue(0.5)) return square_root_power(x);
    if (exponent->isExactlyValue(-1)) return b.CreateFDiv(math_.number(x, 1), x);
    if (exponent->isExactlyValue(3)) return b.CreateFMul(b.CreateFMul(x, x), x);
  }
  return math_.library("pow", x, y);
}

/// pow(x, 1/2): unlike sqrt, +0 for -0 and infinity for -infinity.
llvm::Value* Arithmetic::square_root_power(Value* x) {
  Value* root = b.CreateFAdd(b.CreateUnaryIntrinsic(intrinsic::sqrt, x), zero(x));
  Value* lowest = b.CreateFCmpOEQ(x, math_.number(x, -HUGE_VAL));
  return b.CreateSelect(lowest, math_.number(x, HUGE_VAL), root);
}

/// Values of type float16 and bfloat16 live in float registers: an operation typed so rounds.
llvm::Value* Arithmetic::round_to(DataType type, Value* x) {
  if (type != DataType::kFloat16 && type != DataType::kBfloat16) return x;
  if (!x->getType()->getScalarType()->isFloatTy()) return x;
  return from_storage(b, to_storage(b, x, type), type);
}

/// LLVM's saturating conversions fall apart into scalars; clamped first, one instruction converts.
llvm::Value* Arithmetic::saturated(DataType to, Value* x) {
  const double low = is_signed_integer(to) ? -std::ldexp(1.0, bits_of(to) - 1) : 0;
  const double high = std::ldexp(1.0, bits_of(to) - (is_signed_integer(to) ? 1 : 0)) - 1;
  const bool is_single = x->getType()->getScalarType()->isFloatTy();
  const double highest = is_single && bits_of(to) == 32 ? 2147483520.0 : high;  // the last below
  Value* least = math_.number(x, low);
  Value* most = math_.number(x, highest);
  Value* inside = b.CreateSelect(b.CreateFCmpOGT(x, least), x, least);
  inside = b.CreateSelect(b.CreateFCmpOLT(inside, most), inside, most);
  llvm::Type* wide = type_like(b.getInt32Ty(), x);
  Value* whole = b.CreateFPToSI(inside, wide);
  if (highest != high)
    whole = b.CreateSelect(b.CreateFCmpOGT(x, most),
                           llvm::ConstantInt::get(wide, static_cast<uint64_t>(high)), whole);
  if (low != 0)
    whole = b.CreateSelect(b.CreateFCmpUNO(x, x), llvm::Constant::getNullValue(wide), whole);
  return b.CreateTrunc(whole, type_like(register_type(b, to), x));
}

llvm::Value* Arithmetic::cast(DataType from, DataType to, Value* x) {
  if (from == to) return x;
  const bool from_real = is_float(from), to_real = is_float(to);
  llvm::Type* type = type_like(register_type(b, to), x);
  if (to == DataType::kBool)
    return from_real ? b.CreateFCmpUNE(x, zero(x)) : b.CreateICmpNE(x, zero(x));
  if (from_real && to_real) return round_to(to, b.CreateFPCast(x, type));
  if (to_real) {
    Value* real = is_signed_integer(from) ? b.CreateSIToFP(x, type) : b.CreateUIToFP(x, type);
    return round_to(to, real);
  }
  if (from_real && (bits_of(to) <= 16 || to == DataType::kInt32)) return saturated(to, x);
  if (from_real) {
    const auto id = is_signed_integer(to) ? intrinsic::fptosi_sat : intrinsic::fptoui_sat;
    return b.CreateIntrinsic(id, {type, x->getType()}, {x});
  }
  return is_signed_integer(from) ? b.CreateSExtOrTrunc(x, type) : b.CreateZExtOrTrunc(x, type);
}

}  // namespace kasuri::codegen
