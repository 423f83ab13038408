#include "engine/codegen/vector_math.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/IntrinsicsX86.h>
#include <llvm/IR/Module.h>

#include <cmath>

#include "engine/codegen/lanes.h"

namespace kasuri::codegen {

namespace {

constexpr double kLn2High = 0.693359375;
constexpr double kLn2Low = -2.12194440e-4;
constexpr double kExp[] = {1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3,
                           4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1};
constexpr double kLog[] = {7.0376836292e-2,  -1.1514610310e-1, 1.1676998740e-1,
                           -1.2420140846e-1, 1.4249322787e-1,  -1.6668057665e-1,
                           2.0000714765e-1,  -2.4999993993e-1, 3.3333331174e-1};
constexpr double kErfP[] = {-2.72614225801306e-10, 2.77068142495902e-08,  -2.10102402082508e-06,
                            -5.69250639462346e-05, -7.34990630326855e-04, -2.95459980854025e-03,
                            -1.60960333262415e-02};
constexpr double kErfQ[] = {-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03,
                            -7.37332916720468e-03, -1.42647390514189e-02};
constexpr double kTanhP[] = {-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11,
                             5.12229709037114e-08,  1.48572235717979e-05, 6.37261928875436e-04,
                             4.89352455891786e-03};
constexpr double kTanhQ[] = {1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03,
                             4.89352518554385e-03};
constexpr double kSin[] = {-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1};
constexpr double kCos[] = {2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2};
/// 1.5 * 2^23: adding it rounds a small float to an integer in its low mantissa bits.
constexpr double kRounder = 12582912.0;

}  // namespace

llvm::Value* VectorMath::number(Value* like, double value) {
  return llvm::ConstantFP::get(like->getType(), value);
}

llvm::Value* VectorMath::integer(Value* like, int64_t value) {
  return llvm::ConstantInt::getSigned(type_like(b.getInt32Ty(), like), value);
}

llvm::Value* VectorMath::bits(Value* x) { return b.CreateBitCast(x, type_like(b.getInt32Ty(), x)); }

llvm::Value* VectorMath::fma(Value* a, Value* x, Value* y) {
  return b.CreateFAdd(b.CreateFMul(a, x), y);
}

llvm::Value* VectorMath::minimum(Value* x, double bound) {
  Value* limit = number(x, bound);
  return b.CreateSelect(b.CreateFCmpOGT(x, limit), limit, x);
}

llvm::Value* VectorMath::maximum(Value* x, double bound) {
  Value* limit = number(x, bound);
  return b.CreateSelect(b.CreateFCmpOLT(x, limit), limit, x);
}

llvm::Value* VectorMath::polynomial(Value* x, const double* coefficients, int count) {
  Value* sum = number(x, coefficients[0]);
  for (int k = 1; k < count; ++k) sum = fma(sum, x, number(x, coefficients[k]));
  return sum;
}

llvm::Value* VectorMath::odd_rational(Value* x, const double* p, int np, const double* q, int nq) {
  Value* square = b.CreateFMul(x, x);
  return b.CreateFDiv(b.CreateFMul(x, polynomial(square, p, np)), polynomial(square, q, nq));
}

bool VectorMath::is_double(Value* x) const { return x->getType()->getScalarType()->isDoubleTy(); }

bool VectorMath::has_scalef(Value* x) const {
  return target_.scalef && x->getType()->isVectorTy() &&
         x->getType()->getPrimitiveSizeInBits().getFixedValue() == 512;
}

/// x * 2^n for a float n that is an integer: two factors, so that neither overflows on its own.
llvm::Value* VectorMath::scaled_by_power_of_two(Value* x, Value* n) {
  if (has_scalef(x)) {
    Value* all = llvm::ConstantInt::getSigned(b.getInt16Ty(), -1);
    return b.CreateIntrinsic(llvm::Intrinsic::x86_avx512_mask_scalef_ps_512, {},
                             {x, n, x, all, b.getInt32(4)});
  }
  Value* whole = b.CreateSub(bits(b.CreateFAdd(n, number(n, kRounder))), bits(number(n, kRounder)));
  Value* half = b.CreateAShr(whole, 1);
  for (Value* part : {half, b.CreateSub(whole, half)}) {
    Value* exponent = b.CreateShl(b.CreateAdd(part, integer(x, 127)), 23);
    x = b.CreateFMul(x, b.CreateBitCast(exponent, x->getType()));
  }
  return x;
}

llvm::Value* VectorMath::exp(Value* x) {
  if (is_double(x)) return library("exp", x);
  x = maximum(minimum(x, 89.0), -104.0);
  Value* rounder = number(x, kRounder);
  Value* n = b.CreateFSub(fma(x, number(x, M_LOG2E), rounder), rounder);
  Value* r = fma(n, number(x, -kLn2High), x);
  r = fma(n, number(x, -kLn2Low), r);
  Value* p = polynomial(r, kExp, 6);
  p = fma(p, b.CreateFMul(r, r), b.CreateFAdd(r, number(x, 1)));
  return scaled_by_power_of_two(p, n);
}

llvm::Value* VectorMath::expm1(Value* x) {
  if (is_double(x)) return library("expm1", x);
  Value* clamped = maximum(minimum(x, 89.0), -20.0);
  Value* rounder = number(x, kRounder);
  Value* n = b.CreateFSub(fma(clamped, number(x, M_LOG2E), rounder), rounder);
  Value* r = fma(n, number(x, -kLn2High), clamped);
  r = fma(n, number(x, -kLn2Low), r);
  Value* p = fma(polynomial(r, kExp, 6), b.CreateFMul(r, r), r);
  Value* scale = scaled_by_power_of_two(number(x, 1), n);
  Value* large = scaled_by_power_of_two(b.CreateFAdd(p, number(x, 1)), n);
  Value* small = fma(p, scale, b.CreateFSub(scale, number(x, 1)));
  return b.CreateSelect(b.CreateFCmpOGT(x, number(x, 64)), large, small);
}

llvm::Value* VectorMath::log(Value* x) {
  if (is_double(x)) return library("log", x);
  Value* raw = bits(x);
  Value* shifted = b.CreateSub(raw, integer(x, 0x3f3504f3));
  Value* exponent = b.CreateAShr(shifted, 23);
  Value* mantissa = b.CreateBitCast(b.CreateSub(raw, b.CreateShl(exponent, 23)), x->getType());
  Value* e = b.CreateSIToFP(exponent, x->getType());
  Value* m = b.CreateFSub(mantissa, number(x, 1));
  Value* square = b.CreateFMul(m, m);
  Value* y = b.CreateFMul(b.CreateFMul(polynomial(m, kLog, 9), m), square);
  y = fma(e, number(x, kLn2Low), y);
  y = fma(square, number(x, -0.5), y);
  Value* result = fma(e, number(x, kLn2High), b.CreateFAdd(m, y));
  const double infinity = HUGE_VAL;
  result = b.CreateSelect(b.CreateFCmpOEQ(x, number(x, infinity)), x, result);
  Value* tiny = b.CreateFCmpOLT(x, number(x, 1.17549435e-38));
  Value* low = b.CreateSelect(b.CreateFCmpOGT(x, number(x, -1.17549435e-38)), number(x, -infinity),
                              number(x, NAN));
  result = b.CreateSelect(tiny, low, result);
  return b.CreateSelect(b.CreateFCmpUNO(x, x), x, result);
}

llvm::Value* VectorMath::log1p(Value* x) {
  if (is_double(x)) return library("log1p", x);
  Value* one = number(x, 1);
  Value* u = b.CreateFAdd(x, one);
  Value* error = b.CreateFSub(x, b.CreateFSub(u, one));
  Value* logarithm = log(u);
  Value* result = b.CreateFAdd(logarithm, b.CreateFDiv(error, u));
  Value* edge =
      b.CreateOr(b.CreateFCmpOEQ(u, number(x, HUGE_VAL)), b.CreateFCmpOLE(x, number(x, -1)));
  return b.CreateSelect(edge, logarithm, result);
}

llvm::Value* VectorMath::erf(Value* x) {
  if (is_double(x)) return library("erf", x);
  x = maximum(minimum(x, 4.0), -4.0);
  return odd_rational(x, kErfP, 7, kErfQ, 5);
}

llvm::Value* VectorMath::tanh(Value* x) {
  if (is_double(x)) return library("tanh", x);
  x = maximum(minimum(x, 7.90531110763549805), -7.90531110763549805);
  return odd_rational(x, kTanhP, 7, kTanhQ, 4);
}

llvm::Value* VectorMath::sigmoid(Value* x) {
  Value* one = number(x, 1);
  return b.CreateFDiv(one, b.CreateFAdd(one, exp(b.CreateFNeg(x))));
}

llvm::Value* VectorMath::softplus(Value* x) {
  Value* size = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x);
  Value* rest = log1p(exp(b.CreateFNeg(size)));
  Value* above = b.CreateSelect(b.CreateFCmpOLT(x, number(x, 0)), number(x, 0), x);
  return b.CreateFAdd(above, rest);
}

llvm::Value* VectorMath::sine(Value* x, int quadrant, const char* fallback) {
  if (is_double(x)) return library(fallback, x);
  Value* size = b.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, x);
  Value* far = b.CreateFCmpOGT(size, number(x, 8192));
  Value* near = b.CreateSelect(far, number(x, 0), x);
  Value* rounder = number(x, kRounder);
  Value* shifted = fma(near, number(x, M_2_PI), rounder);
  Value* n = b.CreateFSub(shifted, rounder);
  Value* r = fma(n, number(x, -1.5703125), near);
  r = fma(n, number(x, -4.837512969970703e-4), r);
  r = fma(n, number(x, -7.54978995489188216e-8), r);
  Value* square = b.CreateFMul(r, r);
  Value* s = fma(b.CreateFMul(polynomial(square, kSin, 3), square), r, r);
  Value* c = fma(b.CreateFMul(polynomial(square, kCos, 3), square), square,
                 fma(square, number(x, -0.5), number(x, 1)));
  Value* turn = b.CreateAdd(bits(shifted), integer(x, quadrant));
  Value* odd = b.CreateICmpNE(b.CreateAnd(turn, integer(x, 1)), integer(x, 0));
  Value* sign = b.CreateShl(b.CreateAnd(turn, integer(x, 2)), 30);
  Value* result = b.CreateSelect(odd, c, s);
  result = b.CreateBitCast(b.CreateXor(bits(result), sign), x->getType());
  Value* distant = b.CreateSelect(far, x, number(x, 0));
  return frame_.branch(
      any_lane(b, far), [&] { return b.CreateSelect(far, library(fallback, distant), result); },
      [&] { return result; });
}

llvm::Value* VectorMath::sin(Value* x) { return sine(x, 0, "sin"); }
llvm::Value* VectorMath::cos(Value* x) { return sine(x, 1, "cos"); }

llvm::Value* VectorMath::library(const std::string& name, Value* x) {
  llvm::Type* type = x->getType()->getScalarType();
  const std::string symbol = "kasuri_" + name + (type->isFloatTy() ? "f" : "");
  llvm::FunctionCallee callee = b.GetInsertBlock()->getModule()->getOrInsertFunction(
      symbol, llvm::FunctionType::get(type, {type}, false));
  return per_lane(b, x, type, [&](Value* lane) { return b.CreateCall(callee, {lane}); });
}

llvm::Value* VectorMath::library(const std::string& name, Value* x, Value* y) {
  llvm::Type* type = x->getType()->getScalarType();
  const std::string symbol = "kasuri_" + name + (type->isFloatTy() ? "f" : "");
  llvm::FunctionCallee callee = b.GetInsertBlock()->getModule()->getOrInsertFunction(
      symbol, llvm::FunctionType::get(type, {type, type}, false));
  const auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(x->getType());
  if (vector == nullptr) return b.CreateCall(callee, {x, y});
  Value* out = llvm::PoisonValue::get(x->getType());
  for (unsigned lane = 0; lane < vector->getNumElements(); ++lane) {
    Value* args[] = {b.CreateExtractElement(x, lane), b.CreateExtractElement(y, lane)};
    out = b.CreateInsertElement(out, b.CreateCall(callee, args), lane);
  }
  return out;
}

}  // namespace kasuri::codegen
