#include <cmath>
#include <numbers>

#include "engine/lower/registry.h"

// Operators of one operand, element by element; activations in terms of primitive operations.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;
using loops::UnaryOp;

Scalar x_of(Context& c) { return c.load_broadcast(0); }
Scalar num(const Scalar& like, double value) { return number(like->type, value); }
Scalar bin(BinaryOp op, const Scalar& a, const Scalar& b) { return loops::binary(op, a, b); }
Scalar bin(BinaryOp op, const Scalar& a, double b) { return loops::binary(op, a, num(a, b)); }
Scalar un(UnaryOp op, const Scalar& a) { return loops::unary(op, a); }

template <UnaryOp op>
Status lower_unary(Context& c) {
  c.map(c.output(), un(op, x_of(c)));
  return Done{};
}

template <Scalar (*formula)(Context&, const Scalar&)>
Status lower_formula(Context& c) {
  c.map(c.output(), formula(c, x_of(c)));
  return Done{};
}

Scalar relu(Context&, const Scalar& x) { return bin(BinaryOp::kMax, x, 0); }
Scalar leaky_relu(Context& c, const Scalar& x) {
  const float alpha = c.node().get_float("alpha", 0.01f);
  return loops::select(bin(BinaryOp::kLess, x, 0), bin(BinaryOp::kMul, x, alpha), x);
}
Scalar elu_with(const Scalar& x, double alpha, double input_scale) {
  const Scalar e = un(UnaryOp::kExpm1, bin(BinaryOp::kMul, x, input_scale));
  return loops::select(bin(BinaryOp::kLess, x, 0), bin(BinaryOp::kMul, e, alpha), x);
}
Scalar elu(Context& c, const Scalar& x) {
  return elu_with(x, c.node().get_float("alpha", 1.0f), 1);
}
Scalar celu(Context& c, const Scalar& x) {
  const float alpha = c.node().get_float("alpha", 1.0f);
  return elu_with(x, alpha, 1.0 / alpha);
}
Scalar selu(Context& c, const Scalar& x) {
  const float alpha = c.node().get_float("alpha", 1.67326319217681884765625f);
  const float gamma = c.node().get_float("gamma", 1.05070102214813232421875f);
  return bin(BinaryOp::kMul, elu_with(x, alpha, 1), gamma);
}
Scalar clamp(const Scalar& x, double low, double high) {
  return bin(BinaryOp::kMin, bin(BinaryOp::kMax, x, low), high);
}
Scalar hard_sigmoid_of(const Scalar& x, double alpha, double beta) {
  return clamp(bin(BinaryOp::kAdd, bin(BinaryOp::kMul, x, alpha), beta), 0, 1);
}
Scalar hard_sigmoid(Context& c, const Scalar& x) {
  return hard_sigmoid_of(x, c.node().get_float("alpha", 0.2f), c.node().get_float("beta", 0.5f));
}
Scalar hard_swish(Context&, const Scalar& x) {
  return bin(BinaryOp::kMul, x, hard_sigmoid_of(x, 1.0 / 6, 0.5));
}
Scalar thresholded_relu(Context& c, const Scalar& x) {
  return loops::select(bin(BinaryOp::kGreater, x, c.node().get_float("alpha", 1.0f)), x, num(x, 0));
}
Scalar softsign(Context&, const Scalar& x) {
  return bin(BinaryOp::kDiv, x, bin(BinaryOp::kAdd, un(UnaryOp::kAbs, x), 1));
}
Scalar mish(Context&, const Scalar& x) {
  return bin(BinaryOp::kMul, x, un(UnaryOp::kTanh, un(UnaryOp::kSoftplus, x)));
}
Scalar swish(Context& c, const Scalar& x) {
  const Scalar scaled = bin(BinaryOp::kMul, x, c.node().get_float("alpha", 1.0f));
  return bin(BinaryOp::kMul, x, un(UnaryOp::kSigmoid, scaled));
}
Scalar quick_gelu(Context& c, const Scalar& x) {
  const Scalar scaled = bin(BinaryOp::kMul, x, c.node().get_float("alpha", 1.702f));
  return bin(BinaryOp::kMul, x, un(UnaryOp::kSigmoid, scaled));
}
Scalar gelu_erf(const Scalar& x) {
  const Scalar e = un(UnaryOp::kErf, bin(BinaryOp::kMul, x, std::numbers::sqrt2 / 2));
  return bin(BinaryOp::kMul, bin(BinaryOp::kMul, x, 0.5), bin(BinaryOp::kAdd, e, 1));
}
Scalar gelu_tanh(const Scalar& x) {
  const Scalar cube = bin(BinaryOp::kMul, bin(BinaryOp::kMul, x, x), x);
  const Scalar inner = bin(BinaryOp::kAdd, x, bin(BinaryOp::kMul, cube, 0.044715));
  const Scalar t = un(UnaryOp::kTanh, bin(BinaryOp::kMul, inner, std::sqrt(2 / std::numbers::pi)));
  return bin(BinaryOp::kMul, bin(BinaryOp::kMul, x, 0.5), bin(BinaryOp::kAdd, t, 1));
}
Scalar gelu(Context& c, const Scalar& x) {
  return c.node().get_string("approximate", "none") == "tanh" ? gelu_tanh(x) : gelu_erf(x);
}
Scalar with_bias(Context& c, const Scalar& x) {
  return c.has_input(1) ? bin(BinaryOp::kAdd, x, c.load_broadcast(1)) : x;
}
Scalar fast_gelu(Context& c, const Scalar& x) { return gelu_tanh(with_bias(c, x)); }
Scalar bias_gelu(Context& c, const Scalar& x) { return gelu_erf(with_bias(c, x)); }
Scalar shrink(Context& c, const Scalar& x) {
  const float lambd = c.node().get_float("lambd", 0.5f);
  const float bias = c.node().get_float("bias", 0.0f);
  const Scalar low =
      loops::select(bin(BinaryOp::kLess, x, -lambd), bin(BinaryOp::kAdd, x, bias), num(x, 0));
  return loops::select(bin(BinaryOp::kGreater, x, lambd), bin(BinaryOp::kSub, x, bias), low);
}
Scalar is_inf(Context& c, const Scalar& x) {
  const bool positive = c.node().get_int("detect_positive", 1) != 0;
  const bool negative = c.node().get_int("detect_negative", 1) != 0;
  if (positive && negative) return un(UnaryOp::kIsInf, x);
  if (positive) return bin(BinaryOp::kEqual, x, INFINITY);
  if (negative) return bin(BinaryOp::kEqual, x, -INFINITY);
  return loops::literal(DataType::kBool, 0);
}
Scalar same(Context&, const Scalar& x) { return x; }
Scalar cast(Context& c, const Scalar& x) { return loops::cast(x, c.out_type()); }

Status lower_cast(Context& c) {
  if (c.node().get_int("saturate", 1) == 0) return c.declined("saturate=0");
  return lower_formula<cast>(c);
}

Status lower_clip(Context& c) {
  Scalar x = x_of(c);
  if (c.node().opset < 11) {
    if (c.node().has("min")) x = bin(BinaryOp::kMax, x, c.node().get_float("min", 0));
    if (c.node().has("max")) x = bin(BinaryOp::kMin, x, c.node().get_float("max", 0));
  } else {
    if (c.has_input(1)) x = bin(BinaryOp::kMax, x, c.load(1, {}));
    if (c.has_input(2)) x = bin(BinaryOp::kMin, x, c.load(2, {}));
  }
  c.map(c.output(), x);
  return Done{};
}

Status lower_dropout(Context& c) {
  if (c.wants_output(1)) return c.declined("its mask is read");
  if (const auto mode = c.constant_numbers(2); c.has_input(2) && (!mode || (*mode)[0] != 0))
    return c.declined("training mode");
  c.map(c.output(), x_of(c));
  return Done{};
}

}  // namespace

void register_elementwise_unary_lowerings(Registry& r) {
  r.add("Abs", lower_unary<UnaryOp::kAbs>);
  r.add("Neg", lower_unary<UnaryOp::kNeg>);
  r.add("Sqrt", lower_unary<UnaryOp::kSqrt>);
  r.add("Reciprocal", lower_unary<UnaryOp::kReciprocal>);
  r.add("Exp", lower_unary<UnaryOp::kExp>);
  r.add("Log", lower_unary<UnaryOp::kLog>);
  r.add("Erf", lower_unary<UnaryOp::kErf>);
  r.add("Tanh", lower_unary<UnaryOp::kTanh>);
  r.add("Sigmoid", lower_unary<UnaryOp::kSigmoid>);
  r.add("Sin", lower_unary<UnaryOp::kSin>);
  r.add("Cos", lower_unary<UnaryOp::kCos>);
  r.add("Tan", lower_unary<UnaryOp::kTan>);
  r.add("Asin", lower_unary<UnaryOp::kAsin>);
  r.add("Acos", lower_unary<UnaryOp::kAcos>);
  r.add("Atan", lower_unary<UnaryOp::kAtan>);
  r.add("Sinh", lower_unary<UnaryOp::kSinh>);
  r.add("Cosh", lower_unary<UnaryOp::kCosh>);
  r.add("Asinh", lower_unary<UnaryOp::kAsinh>);
  r.add("Acosh", lower_unary<UnaryOp::kAcosh>);
  r.add("Atanh", lower_unary<UnaryOp::kAtanh>);
  r.add("Floor", lower_unary<UnaryOp::kFloor>);
  r.add("Ceil", lower_unary<UnaryOp::kCeil>);
  r.add("Round", lower_unary<UnaryOp::kRoundEven>);
  r.add("Sign", lower_unary<UnaryOp::kSign>);
  r.add("Not", lower_unary<UnaryOp::kNot>);
  r.add("BitwiseNot", lower_unary<UnaryOp::kBitNot>);
  r.add("IsNaN", lower_unary<UnaryOp::kIsNaN>);
  r.add("Softplus", lower_unary<UnaryOp::kSoftplus>);
  r.add("IsInf", lower_formula<is_inf>);
  r.add("Relu", lower_formula<relu>);
  r.add("LeakyRelu", lower_formula<leaky_relu>);
  r.add("Elu", lower_formula<elu>);
  r.add("Celu", lower_formula<celu>);
  r.add("Selu", lower_formula<selu>);
  r.add("HardSigmoid", lower_formula<hard_sigmoid>);
  r.add("HardSwish", lower_formula<hard_swish>);
  r.add("ThresholdedRelu", lower_formula<thresholded_relu>);
  r.add("Softsign", lower_formula<softsign>);
  r.add("Mish", lower_formula<mish>);
  r.add("Swish", lower_formula<swish>);
  r.add("Gelu", lower_formula<gelu>);
  r.add("Shrink", lower_formula<shrink>);
  r.add("Clip", lower_clip);
  r.add("Cast", lower_cast);
  r.add("CastLike", lower_cast);
  r.add("Identity", lower_formula<same>, Movement::kView);
  r.add("Dropout", lower_dropout);
  r.add_contrib("Gelu", lower_formula<gelu>);
  r.add_contrib("FastGelu", lower_formula<fast_gelu>);
  r.add_contrib("BiasGelu", lower_formula<bias_gelu>);
  r.add_contrib("QuickGelu", lower_formula<quick_gelu>);
}

}  // namespace kasuri::lower
