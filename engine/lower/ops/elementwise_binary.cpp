#include "engine/lower/registry.h"

// Operators of two or more operands, element by element, with ONNX broadcasting.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;

template <BinaryOp op>
Status lower_binary(Context& c) {
  c.map(c.output(), loops::binary(op, c.load_broadcast(0), c.load_broadcast(1)));
  return Done{};
}

/// Before opset 7 the second operand is broadcast along an explicit axis.
template <BinaryOp op>
Status lower_arithmetic(Context& c) {
  if (c.node().opset < 7 && c.node().has("axis"))
    return c.declined("broadcast by axis (opset < 7)");
  return lower_binary<op>(c);
}

Status lower_pow(Context& c) {
  const Scalar base = c.load_broadcast(0);
  const auto exponent = c.constant_numbers(1);
  const auto is = [&](double e) {
    return exponent && exponent->size() == 1 && (*exponent)[0] == e;
  };
  if (is(2)) {
    c.map(c.output(), loops::binary(BinaryOp::kMul, base, base));
  } else if (is(0.5) && is_float(base->type)) {
    c.map(c.output(), loops::unary(loops::UnaryOp::kSqrt, base));
  } else if (is(3)) {
    c.map(c.output(),
          loops::binary(BinaryOp::kMul, loops::binary(BinaryOp::kMul, base, base), base));
  } else {
    // Computed in float (or double), as the result has the base's type.
    const Scalar power = c.load_broadcast(1);
    const bool wide = base->type == DataType::kDouble || power->type == DataType::kDouble ||
                      is_integer(base->type);
    const DataType type = wide ? DataType::kDouble : DataType::kFloat;
    const Scalar value =
        loops::binary(BinaryOp::kPow, loops::cast(base, type), loops::cast(power, type));
    c.map(c.output(), loops::cast(value, base->type));
  }
  return Done{};
}

Status lower_mod(Context& c) {
  const bool fmod = c.node().get_int("fmod", 0) != 0;
  return fmod ? lower_binary<BinaryOp::kFmod>(c) : lower_binary<BinaryOp::kMod>(c);
}

Status lower_bit_shift(Context& c) {
  const bool left = c.node().get_string("direction", "") == "LEFT";
  return left ? lower_binary<BinaryOp::kShiftLeft>(c) : lower_binary<BinaryOp::kShiftRight>(c);
}

Scalar fold(Context& c, BinaryOp op) {
  Scalar sum = c.load_broadcast(0);
  for (size_t i = 1; i < c.node().inputs.size(); ++i)
    sum = loops::binary(op, sum, c.load_broadcast(i));
  return sum;
}

template <BinaryOp op>
Status lower_variadic(Context& c) {
  c.map(c.output(), fold(c, op));
  return Done{};
}

Status lower_mean(Context& c) {
  const Scalar sum = fold(c, BinaryOp::kAdd);
  const auto count = static_cast<double>(c.node().inputs.size());
  c.map(c.output(), loops::binary(BinaryOp::kDiv, sum, number(sum->type, count)));
  return Done{};
}

Status lower_where(Context& c) {
  c.map(c.output(), loops::select(c.load_broadcast(0), c.load_broadcast(1), c.load_broadcast(2)));
  return Done{};
}

/// Before opset 9 a list of slopes belongs to the channels.
bool slopes_are_channels(const Context& c) {
  return c.node().opset < 9 && c.rank(1) == 1 && c.rank(0) > 2 && c.in_extents(1)[0] > 1;
}

Status lower_prelu(Context& c) {
  const Scalar x = c.load_broadcast(0);
  Scalar slope;
  if (slopes_are_channels(c)) {
    if (c.in_extents(1)[0] != c.in_extents(0)[1])
      return c.declined("not as many slopes as channels");
    slope = c.load(1, {loops::variable(1)});
  } else {
    slope = c.load_broadcast(1);
  }
  const Scalar scaled = loops::binary(BinaryOp::kMul, x, slope);
  c.map(c.output(),
        loops::select(loops::binary(BinaryOp::kLess, x, number(x->type, 0)), scaled, x));
  return Done{};
}

}  // namespace

void register_elementwise_binary_lowerings(Registry& r) {
  r.add("Add", lower_arithmetic<BinaryOp::kAdd>);
  r.add("Sub", lower_arithmetic<BinaryOp::kSub>);
  r.add("Mul", lower_arithmetic<BinaryOp::kMul>);
  r.add("Div", lower_arithmetic<BinaryOp::kDiv>);
  r.add("Pow", lower_pow);
  r.add("Mod", lower_mod);
  r.add("And", lower_binary<BinaryOp::kAnd>);
  r.add("Or", lower_binary<BinaryOp::kOr>);
  r.add("Xor", lower_binary<BinaryOp::kXor>);
  r.add("BitwiseAnd", lower_binary<BinaryOp::kBitAnd>);
  r.add("BitwiseOr", lower_binary<BinaryOp::kBitOr>);
  r.add("BitwiseXor", lower_binary<BinaryOp::kBitXor>);
  r.add("BitShift", lower_bit_shift);
  r.add("Equal", lower_binary<BinaryOp::kEqual>);
  r.add("Less", lower_binary<BinaryOp::kLess>);
  r.add("LessOrEqual", lower_binary<BinaryOp::kLessEqual>);
  r.add("Greater", lower_binary<BinaryOp::kGreater>);
  r.add("GreaterOrEqual", lower_binary<BinaryOp::kGreaterEqual>);
  r.add("Min", lower_variadic<BinaryOp::kMin>);
  r.add("Max", lower_variadic<BinaryOp::kMax>);
  r.add("Sum", lower_variadic<BinaryOp::kAdd>);
  r.add("Mean", lower_mean);
  r.add("Where", lower_where);
  r.add("PRelu", lower_prelu);
}

}  // namespace kasuri::lower
