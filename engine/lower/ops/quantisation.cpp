#include "engine/lower/codes.h"
#include "engine/lower/registry.h"

// Linear quantisation, per tensor or per axis.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;
using loops::UnaryOp;

Result<Indices> parameter_index(Context& c) {
  const Extents& scale = c.in_extents(1);
  if (scale.empty()) return Indices{};
  if (scale.size() == 1 && scale[0] == 1) return Indices{loops::constant(0)};
  if (scale.size() != 1 || c.node().get_int("block_size", 0) != 0)
    return c.declined("blocked scales");
  const auto axis = normal_axis(c.node().get_int("axis", 1), c.rank(0));
  return Indices{loops::variable(static_cast<int>(axis))};
}

Status lower_dequantize(Context& c) {
  KASURI_TRY(const Indices at, parameter_index(c));
  const Scalar zero = c.has_input(2) ? c.load(2, at) : nullptr;
  c.map(c.output(), decoded(c.load(0, loops::identity(c.rank(0))), c.load(1, at), zero));
  return Done{};
}

Status lower_quantize(Context& c) {
  const DataType to = c.out_type();
  if (!is_integer(to) || bits_of(to) > 16) return c.declined("to " + std::string(name_of(to)));
  KASURI_TRY(const Indices at, parameter_index(c));
  const Scalar scale = c.load(1, at);
  if (scale->type != DataType::kFloat) return c.declined("scales that are not float32");
  const Scalar zero = c.has_input(2) ? c.load(2, at) : nullptr;
  const Scalar x = loops::cast(c.load(0, loops::identity(c.rank(0))), scale->type);
  c.map(c.output(), encoded(x, scale, zero, to));
  return Done{};
}

/// Scale and zero point from the extremes of x and 0.
Status lower_dynamic_quantize(Context& c) {
  if (!c.wants_output(0) || c.rank(0) == 0) return c.declined("no codes to write");
  const int rank = c.rank(0);
  const DataType f32 = DataType::kFloat;
  const Scalar x = c.load(0, loops::identity(rank));
  const auto extreme = [&](const char* name, loops::ReduceOp op, BinaryOp with_zero) {
    const int buffer = c.local(name, f32, {});
    c.reduce(buffer, c.in_extents(0), rank, op, x, {});
    return loops::binary(with_zero, c.load_buffer(buffer, {}), number(f32, 0));
  };
  const Scalar low = extreme("low", loops::ReduceOp::kMin, BinaryOp::kMin);
  const Scalar high = extreme("high", loops::ReduceOp::kMax, BinaryOp::kMax);
  const Scalar span = loops::binary(BinaryOp::kSub, high, low);
  const Scalar step = loops::binary(BinaryOp::kDiv, span, number(f32, 255));
  const Scalar flat = loops::binary(BinaryOp::kEqual, high, low);
  const int scale = c.wants_output(1) ? c.output(1) : c.local("scale", f32, {});
  c.map(scale, loops::select(flat, number(f32, 1), step));
  const int zero = c.wants_output(2) ? c.output(2) : c.local("zero", DataType::kUint8, {});
  const Scalar by = c.load_buffer(scale, {});
  c.map(zero, encoded(loops::unary(UnaryOp::kNeg, low), by, nullptr, DataType::kUint8));
  c.map(c.output(), encoded(x, by, c.load_buffer(zero, {}), DataType::kUint8));
  return Done{};
}

}  // namespace

void register_quantisation_lowerings(Registry& r) {
  r.add("DequantizeLinear", lower_dequantize);
  r.add("QuantizeLinear", lower_quantize);
  r.add_contrib("DequantizeLinear", lower_dequantize);
  r.add_contrib("QuantizeLinear", lower_quantize);
  r.add("DynamicQuantizeLinear", lower_dynamic_quantize);
}

}  // namespace kasuri::lower
