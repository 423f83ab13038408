#pragma once

#include <string>

#include "engine/codegen/frame.h"
#include "engine/codegen/target.h"

namespace kasuri::codegen {

/// Elementary functions on float scalars and vectors, as polynomials of our own (about 1e-6
/// relative); NaN in, NaN out; infinities and large arguments as the C library has them; denormal
/// arguments and results count as zero. Doubles, and functions without a polynomial, call the C
/// library lane by lane.
class VectorMath {
 public:
  VectorMath(Frame& frame, const TargetDescription& target)
      : frame_(frame), b(frame.builder), target_(target) {}

  using Value = llvm::Value;
  /// Cody-Waite reduction, degree 5 polynomial (Cephes expf), exact scaling by 2^n.
  Value* exp(Value* x);
  Value* expm1(Value* x);
  /// Mantissa in [sqrt(1/2), sqrt(2)), degree 8 polynomial (Cephes logf).
  Value* log(Value* x);
  Value* log1p(Value* x);
  /// x P(x^2) / Q(x^2), clamped at 4, where erf is 1 in float.
  Value* erf(Value* x);
  /// x P(x^2) / Q(x^2), clamped at 7.905.
  Value* tanh(Value* x);
  Value* sigmoid(Value* x);
  Value* softplus(Value* x);
  /// Three-part reduction by pi/2 (Cephes sinf); beyond 2^13 the C library.
  Value* sin(Value* x);
  Value* cos(Value* x);
  /// The C library's float or double function, lane by lane: "asin" calls asinf or asin.
  Value* library(const std::string& name, Value* x);
  Value* library(const std::string& name, Value* x, Value* y);

  Value* number(Value* like, double value);  ///< A constant of x's type.

 private:
  Value* fma(Value* a, Value* x, Value* y);
  Value* minimum(Value* x, double bound);  ///< NaN stays NaN.
  Value* maximum(Value* x, double bound);
  Value* odd_rational(Value* x, const double* p, int np, const double* q, int nq);
  Value* polynomial(Value* x, const double* coefficients, int count);
  Value* bits(Value* x);
  Value* integer(Value* like, int64_t value);
  Value* scaled_by_power_of_two(Value* x, Value* n);
  Value* sine(Value* x, int quadrant, const char* fallback);
  bool is_double(Value* x) const;
  bool has_scalef(Value* x) const;

  Frame& frame_;
  llvm::IRBuilderBase& b;
  const TargetDescription& target_;
};

}  // namespace kasuri::codegen
