#include "engine/lower/axes.h"
#include "engine/lower/registry.h"
#include "engine/lower/window.h"

// Pooling over windows and over all spatial axes.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;
using loops::ReduceOp;

struct PoolDomain {
  Window window;
  Extents domain;  ///< output extents, then the window
  Scalar value;    ///< input element, or `outside` beyond the border
};

PoolDomain pool_domain(Context& c, const Scalar& outside) {
  PoolDomain p{
      window_of(c.node(), c.in_extents(0), c.out_extents(), c.node().get_ints("kernel_shape")),
      c.out_extents(), nullptr};
  const int rank = c.rank(0);
  Indices at = {loops::variable(0), loops::variable(1)};
  Scalar inside;
  for (size_t k = 0; k < p.window.rank(); ++k) {
    p.domain.push_back(p.window.kernel[k]);
    const auto axis = static_cast<int>(k);
    at.push_back(p.window.at(k, loops::variable(2 + axis), loops::variable(rank + axis)));
    if (!p.window.may_leave(k)) continue;
    const Scalar here = in_range(at.back(), 0, p.window.input[k]);
    inside = inside ? loops::binary(BinaryOp::kAnd, inside, here) : here;
  }
  p.value = c.load(0, at);
  if (inside) p.value = loops::select(inside, p.value, outside);
  return p;
}

Status lower_max_pool(Context& c) {
  if (c.wants_output(1)) return c.declined("its indices are read");
  const PoolDomain p = pool_domain(c, lowest(c.in_type(0)));
  c.reduce(c.output(), p.domain, static_cast<int>(p.window.rank()), ReduceOp::kMax, p.value,
           loops::identity(c.rank(0)));
  return Done{};
}

/// Elements of the window that count at an output point: those inside the input, or, with
/// count_include_pad, inside the padded input (ceil_mode may reach beyond it).
Scalar counted(const Context& c, const Window& w, DataType type) {
  const bool pad = c.node().get_int("count_include_pad", 0) != 0;
  Scalar count;
  for (size_t k = 0; k < w.rank(); ++k) {
    const Index first = w.at(k, loops::variable(2 + static_cast<int>(k)), loops::constant(0));
    const int64_t low = pad ? -w.pads_before[k] : 0;
    const int64_t high = w.input[k] + (pad ? w.pads_after[k] : 0);
    const int64_t d = w.dilations[k];
    // Window elements lie at first + j*d: count those in [low, high).
    const Index below = loops::max(
        loops::floor_div(loops::add(loops::mul(first, -1), low + d - 1), d), loops::constant(0));
    const Index until =
        loops::min(loops::floor_div(loops::add(loops::mul(first, -1), high + d - 1), d),
                   loops::constant(w.kernel[k]));
    const Index inside = loops::add(until, loops::mul(below, -1));
    const Scalar n = loops::cast(loops::index_value(inside), type);
    count = count ? loops::binary(BinaryOp::kMul, count, n) : n;
  }
  return count;
}

Status lower_average_pool(Context& c) {
  const DataType type = loops::compute_type(c.in_type(0));
  const PoolDomain p = pool_domain(c, number(type, 0));
  const int sum = c.local("sum", type, c.out_extents());
  const Indices here = loops::identity(c.rank(0));
  c.reduce(sum, p.domain, static_cast<int>(p.window.rank()), ReduceOp::kSum, p.value, here);
  bool varies = false;
  int64_t full = 1;
  for (size_t k = 0; k < p.window.rank(); ++k) {
    varies = varies || p.window.may_leave(k);
    full *= p.window.kernel[k];
  }
  const Scalar count =
      varies ? counted(c, p.window, type) : number(type, static_cast<double>(full));
  c.map(c.output(), loops::binary(BinaryOp::kDiv, c.load_buffer(sum, here), count));
  return Done{};
}

template <ReduceOp op>
Status lower_global_pool(Context& c) {
  const int rank = c.rank(0);
  std::vector<bool> reduced(rank, true);
  reduced[0] = reduced[1] = false;
  const AxisSplit s = split_axes(c.in_extents(0), reduced);
  Indices to(rank, loops::constant(0));
  to[0] = loops::variable(0);
  to[1] = loops::variable(1);
  if (op == ReduceOp::kMax) {
    c.reduce(c.output(), s.domain, rank - 2, op, c.load(0, s.at_domain()), to);
    return Done{};
  }
  const DataType type = loops::compute_type(c.in_type(0));
  const int sum = c.local("sum", type, s.kept_extents);
  c.reduce(sum, s.domain, rank - 2, op, c.load(0, s.at_domain()), loops::identity(2));
  const Scalar mean = loops::binary(BinaryOp::kDiv, c.load_buffer(sum, loops::identity(2)),
                                    number(type, static_cast<double>(s.reduced_count)));
  c.map(c.output(), s.kept_extents, mean, to);
  return Done{};
}

}  // namespace

void register_pooling_lowerings(Registry& r) {
  r.add("MaxPool", lower_max_pool);
  r.add("AveragePool", lower_average_pool);
  r.add("GlobalMaxPool", lower_global_pool<ReduceOp::kMax>);
  r.add("GlobalAveragePool", lower_global_pool<ReduceOp::kSum>);
}

}  // namespace kasuri::lower
