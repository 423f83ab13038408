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
  const Scalar scale = c.load(1, at);
  Scalar x = loops::cast(c.load(0, loops::identity(c.rank(0))), scale->type);
  if (c.has_input(2)) x = loops::binary(BinaryOp::kSub, x, loops::cast(c.load(2, at), scale->type));
  c.map(c.output(), loops::binary(BinaryOp::kMul, x, scale));
  return Done{};
}

Status lower_quantize(Context& c) {
  const DataType to = c.out_type();
  if (!is_integer(to) || bits_of(to) > 16) return c.declined("to " + std::string(name_of(to)));
  KASURI_TRY(const Indices at, parameter_index(c));
  const Scalar scale = c.load(1, at);
  if (scale->type != DataType::kFloat) return c.declined("scales that are not float32");
  const Scalar x = loops::cast(c.load(0, loops::identity(c.rank(0))), scale->type);
  Scalar q = loops::unary(UnaryOp::kRoundEven, loops::binary(BinaryOp::kDiv, x, scale));
  if (c.has_input(2)) q = loops::binary(BinaryOp::kAdd, q, loops::cast(c.load(2, at), scale->type));
  const int bits = bits_of(to);
  const double high = is_signed_integer(to) ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
  const double low = is_signed_integer(to) ? -high - 1 : 0;
  q = loops::binary(BinaryOp::kMax, q, number(scale->type, low));
  q = loops::binary(BinaryOp::kMin, q, number(scale->type, high));
  c.map(c.output(), loops::cast(q, to));
  return Done{};
}

}  // namespace

void register_quantisation_lowerings(Registry& r) {
  r.add("DequantizeLinear", lower_dequantize);
  r.add("QuantizeLinear", lower_quantize);
}

}  // namespace kasuri::lower
