#include "engine/lower/axes.h"
#include "engine/lower/codes.h"
#include "engine/lower/registry.h"

// Operators of com.microsoft that read and write codes: decode, compute in float32, encode.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;

/// Scale and zero point are one number each.
Status check_parameters(Context& c, size_t scale) {
  for (size_t k : {scale, scale + 1}) {
    if (!c.has_input(k)) continue;
    if (element_count(c.in_extents(k)).value_or(0) != 1) return c.declined("a scale per channel");
  }
  if (!c.has_input(scale) || c.in_type(scale) != DataType::kFloat)
    return c.declined("scales that are not float32");
  return Done{};
}

Scalar parameter(Context& c, size_t at) {
  if (!c.has_input(at)) return nullptr;
  return c.load(at, Indices(c.in_extents(at).size(), loops::constant(0)));
}

Scalar decoded_input(Context& c, const Scalar& code, size_t scale) {
  return decoded(code, parameter(c, scale), parameter(c, scale + 1));
}

Scalar encoded_output(Context& c, const Scalar& x, size_t scale) {
  return encoded(x, parameter(c, scale), parameter(c, scale + 1), c.out_type());
}

Status check_output(Context& c, size_t scale) {
  if (!is_integer(c.out_type()) || bits_of(c.out_type()) != 8)
    return c.declined("to " + std::string(name_of(c.out_type())));
  return check_parameters(c, scale);
}

template <BinaryOp op>
Status lower_binary(Context& c) {
  KASURI_RETURN_IF_ERROR(check_parameters(c, 1));
  KASURI_RETURN_IF_ERROR(check_parameters(c, 4));
  KASURI_RETURN_IF_ERROR(check_output(c, 6));
  const auto code = [&](size_t i) {
    return c.load_buffer(
        c.input(i), broadcast_indices(c.in_extents(i), static_cast<int>(c.out_extents().size())));
  };
  const Scalar a = decoded_input(c, code(0), 1), b = decoded_input(c, code(3), 4);
  c.map(c.output(), encoded_output(c, loops::binary(op, a, b), 6));
  return Done{};
}

Status lower_sigmoid(Context& c) {
  KASURI_RETURN_IF_ERROR(check_parameters(c, 1));
  KASURI_RETURN_IF_ERROR(check_output(c, 3));
  const Scalar x = decoded_input(c, c.load(0, loops::identity(c.rank(0))), 1);
  c.map(c.output(), encoded_output(c, loops::unary(loops::UnaryOp::kSigmoid, x), 3));
  return Done{};
}

Status lower_leaky_relu(Context& c) {
  KASURI_RETURN_IF_ERROR(check_parameters(c, 1));
  KASURI_RETURN_IF_ERROR(check_output(c, 3));
  const Scalar x = decoded_input(c, c.load(0, loops::identity(c.rank(0))), 1);
  const Scalar zero = number(x->type, 0);
  const Scalar low =
      loops::binary(BinaryOp::kMul, x, number(x->type, c.node().get_float("alpha", 0.01f)));
  const Scalar y = loops::select(loops::binary(BinaryOp::kLess, x, zero), low, x);
  c.map(c.output(), encoded_output(c, y, 3));
  return Done{};
}

bool same_constant(Context& c, size_t a, size_t b) {
  const auto x = c.constant_numbers(a), y = c.constant_numbers(b);
  return x && y && *x == *y;
}

/// Parts whose codes mean the same as the result's are copied.
Status lower_concat(Context& c) {
  KASURI_RETURN_IF_ERROR(check_output(c, 0));
  const int rank = static_cast<int>(c.out_extents().size());
  const int64_t axis = normal_axis(c.node().get_int("axis", 0), rank);
  int64_t start = 0;
  for (size_t i = 2; i + 2 < c.node().inputs.size(); i += 3) {
    KASURI_RETURN_IF_ERROR(check_parameters(c, i + 1));
    Indices to = loops::identity(rank);
    to[axis] = loops::add(to[axis], start);
    const Scalar code = c.load_buffer(c.input(i), loops::identity(rank));
    const bool same =
        same_constant(c, i + 1, 0) && same_constant(c, i + 2, 1) && c.in_type(i) == c.out_type();
    c.map(c.output(), c.in_extents(i),
          same ? code : encoded_output(c, decoded_input(c, code, i + 1), 0), to);
    start += c.in_extents(i)[axis];
  }
  return Done{};
}

Status lower_global_average_pool(Context& c) {
  KASURI_RETURN_IF_ERROR(check_parameters(c, 1));
  KASURI_RETURN_IF_ERROR(check_output(c, 3));
  const int rank = c.rank(0);
  const bool last = c.node().get_int("channels_last", 0) != 0;
  std::vector<bool> reduced(rank, true);
  reduced[0] = reduced[last ? rank - 1 : 1] = false;
  const AxisSplit s = split_axes(c.in_extents(0), reduced);
  const int sum = c.local("sum", DataType::kFloat, s.kept_extents);
  const Scalar one = number(DataType::kFloat, 1);
  c.reduce(sum, s.domain, rank - 2, loops::ReduceOp::kSum,
           decoded(c.load(0, s.at_domain()), one, parameter(c, 2)), loops::identity(2));
  Indices to(rank, loops::constant(0));
  to[0] = loops::variable(0);
  to[last ? rank - 1 : 1] = loops::variable(1);
  Scalar mean = loops::binary(BinaryOp::kDiv, c.load_buffer(sum, loops::identity(2)),
                              number(DataType::kFloat, static_cast<double>(s.reduced_count)));
  mean = loops::binary(BinaryOp::kMul, mean, parameter(c, 1));
  c.map(c.output(), s.kept_extents, encoded_output(c, mean, 3), to);
  return Done{};
}

}  // namespace

void register_qlinear_lowerings(Registry& r) {
  r.add_contrib("QLinearAdd", lower_binary<BinaryOp::kAdd>);
  r.add_contrib("QLinearMul", lower_binary<BinaryOp::kMul>);
  r.add_contrib("QLinearSigmoid", lower_sigmoid);
  r.add_contrib("QLinearLeakyRelu", lower_leaky_relu);
  r.add_contrib("QLinearConcat", lower_concat);
  r.add_contrib("QLinearGlobalAveragePool", lower_global_average_pool);
}

}  // namespace kasuri::lower
