#include "engine/lower/axes.h"
#include "engine/lower/registry.h"

// Softmax and the normalisations: reductions over an axis set, then a map.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;
using loops::ReduceOp;
using loops::UnaryOp;

Scalar bin(BinaryOp op, const Scalar& a, const Scalar& b) { return loops::binary(op, a, b); }

/// sum over the reduced axes of `body`, a local of the kept extents.
int sum_of(Context& c, const AxisSplit& s, const std::string& name, DataType type, Scalar body) {
  const int sum = c.local(name, type, s.kept_extents);
  c.reduce(sum, s.domain, static_cast<int>(s.reduced.size()), ReduceOp::kSum, std::move(body),
           loops::identity(static_cast<int>(s.kept.size())));
  return sum;
}

Scalar at_point(Context& c, int buffer, const AxisSplit& s) {
  return c.load_buffer(buffer, s.kept_at_point());
}

/// Before opset 13 the input is seen as 2-D, split at `axis`.
AxisSplit softmax_axes(Context& c) {
  const int rank = c.rank(0);
  const bool flat = c.node().opset < 13;
  const auto axis = normal_axis(c.node().get_int("axis", flat ? 1 : -1), rank);
  std::vector<bool> reduced(rank, false);
  for (int k = 0; k < rank; ++k) reduced[k] = flat ? k >= axis : k == axis;
  return split_axes(c.in_extents(0), reduced);
}

struct Exponentials {
  int top, exponentials, sum;
};

/// m = max x; e = exp(x - m); s = sum e.
Exponentials exponentials_of(Context& c, const AxisSplit& s) {
  const DataType type = loops::compute_type(c.out_type());
  const auto kept = static_cast<int>(s.kept.size());
  Exponentials r{};
  r.top = c.local("max", type, s.kept_extents);
  c.reduce(r.top, s.domain, static_cast<int>(s.reduced.size()), ReduceOp::kMax,
           c.load(0, s.at_domain()), loops::identity(kept));
  r.exponentials = c.local("exp", type, c.out_extents());
  const Scalar shifted =
      bin(BinaryOp::kSub, c.load(0, loops::identity(c.rank(0))), at_point(c, r.top, s));
  c.map(r.exponentials, loops::unary(UnaryOp::kExp, shifted));
  r.sum = sum_of(c, s, "sum", type, c.load_buffer(r.exponentials, s.at_domain()));
  return r;
}

Status lower_softmax(Context& c) {
  const AxisSplit s = softmax_axes(c);
  const Exponentials e = exponentials_of(c, s);
  const int factor = c.local("factor", loops::compute_type(c.out_type()), s.kept_extents);
  c.map(factor,
        loops::unary(UnaryOp::kReciprocal,
                     c.load_buffer(e.sum, loops::identity(static_cast<int>(s.kept.size())))));
  c.map(c.output(), bin(BinaryOp::kMul, c.load_buffer(e.exponentials, loops::identity(c.rank(0))),
                        at_point(c, factor, s)));
  return Done{};
}

Status lower_log_softmax(Context& c) {
  const AxisSplit s = softmax_axes(c);
  const Exponentials e = exponentials_of(c, s);
  const Scalar x =
      bin(BinaryOp::kSub, c.load(0, loops::identity(c.rank(0))), at_point(c, e.top, s));
  c.map(c.output(), bin(BinaryOp::kSub, x, loops::unary(UnaryOp::kLog, at_point(c, e.sum, s))));
  return Done{};
}

struct Moments {
  int mean, inverse_deviation;
};

/// mean = sum(x)/n; 1/sqrt(sum((x-mean)^2)/n + epsilon). `x` reads the input at given indices.
template <typename Read>
Moments moments_of(Context& c, const AxisSplit& s, double epsilon, const Read& x) {
  const DataType type = loops::compute_type(c.in_type(0));
  const auto kept = static_cast<int>(s.kept.size());
  const Indices here = loops::identity(kept);
  const Scalar count = number(type, static_cast<double>(s.reduced_count));
  const int sum = sum_of(c, s, "sum", type, x(s.at_domain()));
  Moments m{};
  m.mean = c.local("mean", type, s.kept_extents);
  c.map(m.mean, bin(BinaryOp::kDiv, c.load_buffer(sum, here), count));
  const Scalar d = bin(BinaryOp::kSub, x(s.at_domain()), c.load_buffer(m.mean, here));
  const int squares = sum_of(c, s, "squares", type, bin(BinaryOp::kMul, d, d));
  const Scalar variance = bin(BinaryOp::kDiv, c.load_buffer(squares, here), count);
  m.inverse_deviation = c.local("inverse_deviation", type, s.kept_extents);
  c.map(m.inverse_deviation,
        loops::unary(UnaryOp::kRsqrt, bin(BinaryOp::kAdd, variance, number(type, epsilon))));
  return m;
}

AxisSplit trailing_axes(Context& c, int64_t first) {
  std::vector<bool> reduced(c.rank(0), false);
  for (int64_t k = first; k < c.rank(0); ++k) reduced[k] = true;
  return split_axes(c.in_extents(0), reduced);
}

Scalar scaled_and_shifted(Context& c, Scalar x, size_t scale, size_t bias) {
  const DataType type = x->type;
  if (c.has_input(scale)) x = bin(BinaryOp::kMul, x, loops::cast(c.load_broadcast(scale), type));
  if (c.has_input(bias)) x = bin(BinaryOp::kAdd, x, loops::cast(c.load_broadcast(bias), type));
  return x;
}

Status lower_layer_normalization(Context& c) {
  const auto axis = normal_axis(c.node().get_int("axis", -1), c.rank(0));
  const AxisSplit s = trailing_axes(c, axis);
  const auto read = [&](Indices at) { return c.load(0, std::move(at)); };
  const Moments m = moments_of(c, s, c.node().get_float("epsilon", 1e-5f), read);
  const Scalar centred =
      bin(BinaryOp::kSub, read(loops::identity(c.rank(0))), at_point(c, m.mean, s));
  const Scalar y = bin(BinaryOp::kMul, centred, at_point(c, m.inverse_deviation, s));
  c.map(c.output(), scaled_and_shifted(c, y, 1, 2));
  const auto put = [&](size_t output, int buffer) {
    if (!c.wants_output(output)) return;
    Indices at = s.kept_at_point();
    c.map(c.output(output), c.load_buffer(buffer, at));
  };
  put(1, m.mean);
  put(2, m.inverse_deviation);
  return Done{};
}

Status lower_rms_normalization(Context& c) {
  const AxisSplit s = trailing_axes(c, normal_axis(c.node().get_int("axis", -1), c.rank(0)));
  const DataType type = loops::compute_type(c.in_type(0));
  const Scalar x = c.load(0, s.at_domain());
  const int squares = sum_of(c, s, "squares", type, bin(BinaryOp::kMul, x, x));
  const Indices here = loops::identity(static_cast<int>(s.kept.size()));
  const Scalar mean = bin(BinaryOp::kDiv, c.load_buffer(squares, here),
                          number(type, static_cast<double>(s.reduced_count)));
  const int factor = c.local("factor", type, s.kept_extents);
  c.map(factor,
        loops::unary(UnaryOp::kRsqrt, bin(BinaryOp::kAdd, mean,
                                          number(type, c.node().get_float("epsilon", 1e-5f)))));
  const Scalar y =
      bin(BinaryOp::kMul, c.load(0, loops::identity(c.rank(0))), at_point(c, factor, s));
  c.map(c.output(), scaled_and_shifted(c, y, 1, 2));
  return Done{};
}

Indices channel_only() { return {loops::variable(1)}; }

Status lower_instance_normalization(Context& c) {
  const AxisSplit s = trailing_axes(c, 2);
  const auto read = [&](Indices at) { return c.load(0, std::move(at)); };
  const Moments m = moments_of(c, s, c.node().get_float("epsilon", 1e-5f), read);
  const Scalar centred =
      bin(BinaryOp::kSub, read(loops::identity(c.rank(0))), at_point(c, m.mean, s));
  const Scalar y = bin(BinaryOp::kMul, centred, at_point(c, m.inverse_deviation, s));
  c.map(c.output(), bin(BinaryOp::kAdd, bin(BinaryOp::kMul, y, c.load(1, channel_only())),
                        c.load(2, channel_only())));
  return Done{};
}

/// y = (x - mean) * (scale / sqrt(var + epsilon)) + bias, per channel.
Status lower_batch_normalization(Context& c) {
  if (c.node().get_int("training_mode", 0) != 0) return c.declined("training mode");
  for (size_t i = 1; i < 5; ++i)
    if (c.wants_output(i)) return c.declined("its statistics are read");
  if (c.node().opset < 9 && c.node().get_int("spatial", 1) == 0) return c.declined("spatial=0");
  const DataType type = loops::compute_type(c.in_type(0));
  const int factor = c.local("factor", type, c.in_extents(1));
  const Indices here = loops::identity(1);
  const Scalar epsilon = number(type, c.node().get_float("epsilon", 1e-5f));
  const Scalar variance =
      bin(BinaryOp::kAdd, loops::cast(c.load_buffer(c.input(4), here), type), epsilon);
  c.map(factor, bin(BinaryOp::kDiv, loops::cast(c.load_buffer(c.input(1), here), type),
                    loops::unary(UnaryOp::kSqrt, variance)));
  const Indices channel = c.rank(0) > 1 ? channel_only() : Indices{loops::constant(0)};
  const auto of_channel = [&](size_t i) {
    return loops::cast(c.load_buffer(c.input(i), channel), type);
  };
  const Scalar x = c.load(0, loops::identity(c.rank(0)));
  const Scalar scaled =
      bin(BinaryOp::kMul, bin(BinaryOp::kSub, x, of_channel(3)), c.load_buffer(factor, channel));
  c.map(c.output(), bin(BinaryOp::kAdd, scaled, of_channel(2)));
  return Done{};
}

/// y = x / norm over one axis (p = 1 or 2).
Status lower_lp_normalization(Context& c) {
  std::vector<bool> reduced(c.rank(0), false);
  reduced.at(normal_axis(c.node().get_int("axis", -1), c.rank(0))) = true;
  const AxisSplit s = split_axes(c.in_extents(0), reduced);
  const bool squared = c.node().get_int("p", 2) == 2;
  const Scalar x = c.load(0, s.at_domain());
  const Scalar body = squared ? bin(BinaryOp::kMul, x, x) : loops::unary(UnaryOp::kAbs, x);
  const int sum = sum_of(c, s, "sum", loops::compute_type(c.in_type(0)), body);
  Scalar norm = at_point(c, sum, s);
  if (squared) norm = loops::unary(UnaryOp::kSqrt, norm);
  const Scalar quotient = bin(BinaryOp::kDiv, c.load(0, loops::identity(c.rank(0))), norm);
  const Scalar zero = number(norm->type, 0);
  c.map(c.output(), loops::select(bin(BinaryOp::kEqual, norm, zero), zero, quotient));
  return Done{};
}

/// x / (bias + alpha/size * sum of squares over a window of channels)^beta.
Status lower_lrn(Context& c) {
  const int64_t size = c.node().get_int("size", 1);
  const int64_t channels = c.in_extents(0)[1];
  const DataType type = loops::compute_type(c.in_type(0));
  Extents domain = c.in_extents(0);
  const int rank = c.rank(0);
  domain.push_back(size);
  Indices at = loops::identity(rank);
  at[1] = loops::add(loops::add(at[1], loops::variable(rank)), -((size - 1) / 2));
  const Scalar x = c.load(0, at);
  const Scalar body =
      loops::select(in_range(at[1], 0, channels), bin(BinaryOp::kMul, x, x), number(type, 0));
  const int sum = c.local("squares", type, c.in_extents(0));
  c.reduce(sum, domain, 1, ReduceOp::kSum, body, loops::identity(rank));
  const double alpha = c.node().get_float("alpha", 1e-4f);
  const Scalar scaled = bin(BinaryOp::kMul, c.load_buffer(sum, loops::identity(rank)),
                            number(type, alpha / static_cast<double>(size)));
  const Scalar base = bin(BinaryOp::kAdd, scaled, number(type, c.node().get_float("bias", 1.0f)));
  const Scalar power = bin(BinaryOp::kPow, base, number(type, c.node().get_float("beta", 0.75f)));
  c.map(c.output(), bin(BinaryOp::kDiv, c.load(0, loops::identity(rank)), power));
  return Done{};
}

}  // namespace

void register_normalisation_lowerings(Registry& r) {
  r.add("Softmax", lower_softmax);
  r.add("LogSoftmax", lower_log_softmax);
  r.add("LayerNormalization", lower_layer_normalization);
  r.add("RMSNormalization", lower_rms_normalization);
  r.add("SimplifiedLayerNormalization", lower_rms_normalization);
  r.add("InstanceNormalization", lower_instance_normalization);
  r.add("BatchNormalization", lower_batch_normalization);
  r.add("LpNormalization", lower_lp_normalization);
  r.add("LRN", lower_lrn);
}

}  // namespace kasuri::lower
