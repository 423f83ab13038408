#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

void same_as_input(Context& c) {
  if (c.want_input(0)) c.same(0, 0);
}

/// Broadcast of the two inputs; before opset 7 the right one is stretched over the left one.
MaybeShape binary_shape(Context& c) {
  if (c.node().op.domain.empty() && c.opset() < 7) return c.shape(0);
  return c.broadcast_inputs(0, 2);
}

/// Two inputs of one element type.
bool alike(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return false;
  const DataType a = c.dtype(0);
  const DataType b = c.dtype(1);
  if (a == b || a == DataType::kUndefined || b == DataType::kUndefined) return true;
  c.fail("the element types " + std::string(name_of(a)) + " and " + std::string(name_of(b)) +
         " differ");
  return false;
}

/// False, with a contradiction, for boolean and text operands.
bool numeric(Context& c) {
  for (size_t i : {0, 1}) {
    if (c.dtype(i) != DataType::kBool && c.dtype(i) != DataType::kString) continue;
    c.fail("input " + std::to_string(i) + " is " + std::string(name_of(c.dtype(i))) +
           ", not a number");
    return false;
  }
  return true;
}

void binary(Context& c) {
  if (!alike(c)) return;
  c.set(0, c.dtype(0) == DataType::kUndefined ? c.dtype(1) : c.dtype(0), binary_shape(c));
}

void arithmetic(Context& c) {
  if (numeric(c)) binary(c);
}

void power(Context& c) {
  if (c.want_input(0) && c.want_input(1)) c.set(0, c.dtype(0), binary_shape(c));
}

void equality(Context& c) {
  if (alike(c)) c.set(0, DataType::kBool, binary_shape(c));
}

void ordering(Context& c) {
  if (numeric(c)) equality(c);
}

void logical(Context& c) {
  for (size_t i : {0, 1})
    if (c.dtype(i) != DataType::kBool && c.dtype(i) != DataType::kUndefined)
      return c.fail("input " + std::to_string(i) + " is " + std::string(name_of(c.dtype(i))) +
                    ", not bool");
  equality(c);
}

void variadic(Context& c) {
  if (!c.want_input(0)) return;
  if (c.opset() < 8) return c.same(0, 0);
  c.set(0, c.dtype(0), c.broadcast_inputs(0, c.inputs()));
}

void where(Context& c) {
  if (!c.want_input(0) || !c.want_input(1) || !c.want_input(2)) return;
  c.set(0, c.dtype(1) == DataType::kUndefined ? c.dtype(2) : c.dtype(1), c.broadcast_inputs(0, 3));
}

void test_of_each(Context& c) {
  if (c.want_input(0)) c.set(0, DataType::kBool, c.shape(0));
}

DataType named_type(Context& c) {
  const std::string name = c.text("to", "");
  constexpr std::string_view kNames[] = {"UNDEFINED", "FLOAT",  "UINT8",  "INT8",   "UINT16",
                                         "INT16",     "INT32",  "INT64",  "STRING", "BOOL",
                                         "FLOAT16",   "DOUBLE", "UINT32", "UINT64"};
  for (size_t i = 0; i < std::size(kNames); ++i)
    if (kNames[i] == name) return static_cast<DataType>(i);
  c.fail("attribute 'to' = '" + name + "' is no data type");
  return DataType::kUndefined;
}

void cast(Context& c) {
  if (!c.want_input(0)) return;
  if (!c.has_attribute("to")) return c.fail("attribute 'to' is missing");
  const bool named = std::holds_alternative<std::string>(*c.node().find("to"));
  const DataType to = named ? named_type(c) : c.data_type("to", DataType::kUndefined);
  c.set(0, to, c.shape(0));
}

void bit_cast(Context& c) {
  cast(c);
  const DataType from = c.dtype(0);
  const DataType to = c.data_type("to", DataType::kUndefined);
  if (from != DataType::kUndefined && bits_of(from) != bits_of(to))
    c.fail("BitCast between element types of different sizes");
}

void cast_like(Context& c) {
  if (c.want_input(0) && c.want_input(1)) c.set(0, c.dtype(1), c.shape(0));
}

void dropout(Context& c) {
  if (!c.want_input(0)) return;
  c.same(0, 0);
  c.set(1, c.opset() < 10 ? c.dtype(0) : DataType::kBool, c.shape(0));
}

void bernoulli(Context& c) {
  if (c.want_input(0)) c.set(0, c.data_type("dtype", c.dtype(0)), c.shape(0));
}

/// Gelu(input + bias): the bias stretches over the last axis.
void biased(Context& c) {
  if (c.want_input(0) && c.want_input(1)) c.same(0, 0);
}

}  // namespace

void register_elementwise_shapes(Registry& r) {
  r.add({"Abs",
         "Acos",
         "Acosh",
         "Asin",
         "Asinh",
         "Atan",
         "Atanh",
         "BitwiseNot",
         "Ceil",
         "Celu",
         "Clip",
         "Cos",
         "Cosh",
         "Elu",
         "Erf",
         "Exp",
         "Floor",
         "Gelu",
         "HardSigmoid",
         "HardSwish",
         "Identity",
         "LeakyRelu",
         "Log",
         "Mish",
         "Neg",
         "PRelu",
         "Reciprocal",
         "Relu",
         "Round",
         "Selu",
         "Shrink",
         "Sigmoid",
         "Sign",
         "Sin",
         "Sinh",
         "Softplus",
         "Softsign",
         "Sqrt",
         "Swish",
         "Tan",
         "Tanh",
         "ThresholdedRelu",
         "CumSum",
         "CumProd",
         "Trilu",
         "SwiGLU",
         "Affine",
         "ImageScaler",
         "ParametricSoftplus",
         "Scale",
         "ScaledTanh"},
        same_as_input);
  r.add({"Add", "Sub", "Mul", "Div", "Mod", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor"},
        arithmetic);
  r.add("StringConcat", binary);
  r.add("Pow", power);
  r.add("Equal", equality);
  r.add({"Greater", "GreaterOrEqual", "Less", "LessOrEqual"}, ordering);
  r.add({"And", "Or", "Xor"}, logical);
  r.add({"Sum", "Mean", "Max", "Min"}, variadic);
  r.add("Where", where);
  r.add({"Not", "IsNaN", "IsInf", "RegexFullMatch"}, test_of_each);
  r.add("Cast", cast);
  r.add("BitCast", bit_cast);
  r.add("CastLike", cast_like);
  r.add("Dropout", dropout);
  r.add("Bernoulli", bernoulli);
  r.add(kMicrosoft,
        {"Gelu", "FastGelu", "QuickGelu", "Trilu", "ReluGrad", "SigmoidGrad", "TanhGrad",
         "GeluGrad", "FastGeluGrad", "BiasGeluGrad_dX", "BiasFastGeluGrad_dX", "SoftmaxGrad",
         "SoftmaxGrad_13", "LogSoftmaxGrad", "LogSoftmaxGrad_13", "DropoutGrad", "Inverse",
         "ParametricSoftplus", "ScaledTanh"},
        same_as_input);
  r.add(kMicrosoft, {"BiasGelu", "BiasFastGelu", "BiasAdd"}, biased);
}

}  // namespace kasuri::shape_inference
