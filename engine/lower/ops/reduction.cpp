#include "engine/lower/axes.h"
#include "engine/lower/registry.h"

// Reductions over axes and arg-reductions.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;
using loops::ReduceOp;
using loops::UnaryOp;

/// Axes as attribute or, from `since` on, as input 1.
Result<std::vector<bool>> reduced_axes(Context& c, int since) {
  std::vector<int64_t> axes = c.node().get_ints("axes");
  if (c.node().opset >= since && c.has_input(1)) {
    const auto given = c.constant_ints(1);
    if (!given) return c.declined("its axes are computed at run time");
    axes = *given;
  }
  const bool none = axes.empty();
  const bool all = none && c.node().get_int("noop_with_empty_axes", 0) == 0;
  std::vector<bool> reduced(c.rank(0), all);
  for (int64_t a : axes) reduced.at(normal_axis(a, c.rank(0))) = true;
  return reduced;
}

/// Indices of the node's output (with or without kept unit axes) at a point of the kept domain.
Indices output_index(Context& c, const AxisSplit& split) {
  if (c.out_extents().size() == split.kept.size())
    return loops::identity(static_cast<int>(split.kept.size()));
  Indices at(c.rank(0), loops::constant(0));
  for (size_t k = 0; k < split.kept.size(); ++k)
    at[split.kept[k]] = loops::variable(static_cast<int>(k));
  return at;
}

/// reduce `before(x)` by `op`, then `after` on each result.
struct Recipe {
  ReduceOp op;
  Scalar (*before)(const Scalar&) = nullptr;
  Scalar (*after)(const Scalar&, int64_t count) = nullptr;
};

Status reduce_with(Context& c, int since, const Recipe& recipe) {
  KASURI_TRY(const auto reduced, reduced_axes(c, since));
  const AxisSplit split = split_axes(c.in_extents(0), reduced);
  Scalar body = c.load(0, split.at_domain());
  if (recipe.before) body = recipe.before(body);
  const Indices to = output_index(c, split);
  const auto rank = static_cast<int>(split.reduced.size());
  if (!recipe.after) {
    c.reduce(c.output(), split.domain, rank, recipe.op, body, to);
    return Done{};
  }
  const int kept = c.local("reduced", c.out_type(), split.kept_extents);
  const Indices here = loops::identity(static_cast<int>(split.kept.size()));
  c.reduce(kept, split.domain, rank, recipe.op, body, here);
  c.map(c.output(), split.kept_extents,
        recipe.after(c.load_buffer(kept, here), split.reduced_count), to);
  return Done{};
}

Scalar square(const Scalar& x) { return loops::binary(BinaryOp::kMul, x, x); }
Scalar absolute(const Scalar& x) { return loops::unary(UnaryOp::kAbs, x); }
Scalar exponential(const Scalar& x) { return loops::unary(UnaryOp::kExp, x); }
Scalar root(const Scalar& x, int64_t) { return loops::unary(UnaryOp::kSqrt, x); }
Scalar logarithm(const Scalar& x, int64_t) { return loops::unary(UnaryOp::kLog, x); }
Scalar mean(const Scalar& x, int64_t count) {
  return loops::binary(BinaryOp::kDiv, x, number(x->type, static_cast<double>(count)));
}

Status lower_reduce_sum(Context& c) { return reduce_with(c, 13, {ReduceOp::kSum}); }
Status lower_reduce_mean(Context& c) { return reduce_with(c, 18, {ReduceOp::kSum, nullptr, mean}); }
Status lower_reduce_max(Context& c) { return reduce_with(c, 18, {ReduceOp::kMax}); }
Status lower_reduce_min(Context& c) { return reduce_with(c, 18, {ReduceOp::kMin}); }
Status lower_reduce_prod(Context& c) { return reduce_with(c, 18, {ReduceOp::kProd}); }
Status lower_reduce_l1(Context& c) { return reduce_with(c, 18, {ReduceOp::kSum, absolute}); }
Status lower_reduce_l2(Context& c) { return reduce_with(c, 18, {ReduceOp::kSum, square, root}); }
Status lower_reduce_sum_square(Context& c) { return reduce_with(c, 18, {ReduceOp::kSum, square}); }
Status lower_reduce_log_sum(Context& c) {
  return reduce_with(c, 18, {ReduceOp::kSum, nullptr, logarithm});
}

/// log(sum(exp(x - m))) + m, with m the maximum, so that large x do not overflow.
Status lower_reduce_log_sum_exp(Context& c) {
  if (!is_float(c.in_type(0))) return c.declined("integers");
  KASURI_TRY(const auto reduced, reduced_axes(c, 18));
  const AxisSplit split = split_axes(c.in_extents(0), reduced);
  const auto rank = static_cast<int>(split.reduced.size());
  const Indices here = loops::identity(static_cast<int>(split.kept.size()));
  const int top = c.local("max", c.out_type(), split.kept_extents);
  c.reduce(top, split.domain, rank, ReduceOp::kMax, c.load(0, split.at_domain()), here);
  const Scalar raw = c.load_buffer(top, here);
  const int shift = c.local("shift", c.out_type(), split.kept_extents);
  const Scalar infinite = loops::unary(UnaryOp::kIsInf, raw);
  c.map(shift, loops::select(infinite, number(raw->type, 0), raw));
  const Scalar m = c.load_buffer(shift, here);
  const int sum = c.local("sum", c.out_type(), split.kept_extents);
  const Scalar x = loops::binary(BinaryOp::kSub, c.load(0, split.at_domain()), m);
  c.reduce(sum, split.domain, rank, ReduceOp::kSum, exponential(x), here);
  const Scalar log = loops::unary(UnaryOp::kLog, c.load_buffer(sum, here));
  c.map(c.output(), split.kept_extents, loops::binary(BinaryOp::kAdd, log, m),
        output_index(c, split));
  return Done{};
}

template <ReduceOp op>
Status lower_arg(Context& c) {
  if (c.node().get_int("select_last_index", 0) != 0) return c.declined("select_last_index");
  std::vector<bool> reduced(c.rank(0), false);
  reduced.at(normal_axis(c.node().get_int("axis", 0), c.rank(0))) = true;
  const AxisSplit split = split_axes(c.in_extents(0), reduced);
  c.reduce(c.output(), split.domain, 1, op, c.load(0, split.at_domain()), output_index(c, split));
  return Done{};
}

}  // namespace

void register_reduction_lowerings(Registry& r) {
  r.add("ReduceSum", lower_reduce_sum);
  r.add("ReduceMean", lower_reduce_mean);
  r.add("ReduceMax", lower_reduce_max);
  r.add("ReduceMin", lower_reduce_min);
  r.add("ReduceProd", lower_reduce_prod);
  r.add("ReduceL1", lower_reduce_l1);
  r.add("ReduceL2", lower_reduce_l2);
  r.add("ReduceSumSquare", lower_reduce_sum_square);
  r.add("ReduceLogSum", lower_reduce_log_sum);
  r.add("ReduceLogSumExp", lower_reduce_log_sum_exp);
  r.add("ArgMax", lower_arg<ReduceOp::kArgMax>);
  r.add("ArgMin", lower_arg<ReduceOp::kArgMin>);
}

}  // namespace kasuri::lower
