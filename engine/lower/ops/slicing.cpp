#include <algorithm>

#include "engine/lower/registry.h"

// Slices, joins and padding.
namespace kasuri::lower {
namespace {

struct SliceAxis {
  int64_t start = 0, step = 1;
};

/// Parameters of Slice by input axis, or the reason they are not known.
Result<std::vector<SliceAxis>> slice_axes(Context& c) {
  const auto& extents = c.in_extents(0);
  std::optional<std::vector<int64_t>> starts, axes, steps;
  if (c.node().opset < 10) {
    starts = c.node().get_ints("starts");
    if (c.node().has("axes")) axes = c.node().get_ints("axes");
  } else {
    starts = c.constant_ints(1);
    axes = c.constant_ints(3);
    steps = c.constant_ints(4);
    if (!starts || (c.has_input(3) && !axes) || (c.has_input(4) && !steps))
      return c.declined("its bounds are computed at run time");
  }
  std::vector<SliceAxis> result(extents.size());
  for (size_t k = 0; k < starts->size(); ++k) {
    const auto axis = static_cast<size_t>(normal_axis(axes ? (*axes)[k] : static_cast<int64_t>(k),
                                                      static_cast<int64_t>(extents.size())));
    const int64_t step = steps ? (*steps)[k] : 1;
    const int64_t extent = extents.at(axis);
    int64_t start = (*starts)[k] < 0 ? (*starts)[k] + extent : (*starts)[k];
    start = step > 0 ? std::clamp<int64_t>(start, 0, extent)
                     : std::clamp<int64_t>(start, -1, extent - 1);
    result[axis] = {start, step};
  }
  return result;
}

Status lower_slice(Context& c) {
  KASURI_TRY(const auto axes, slice_axes(c));
  Indices at;
  for (size_t k = 0; k < axes.size(); ++k)
    at.push_back(
        loops::add(loops::mul(loops::variable(static_cast<int>(k)), axes[k].step), axes[k].start));
  c.map(c.output(), c.load(0, at));
  return Done{};
}

Status lower_split(Context& c) {
  const int64_t axis = normal_axis(c.node().get_int("axis", 0), c.rank(0));
  int64_t start = 0;
  // Every part's extent along the axis is its type's, whatever attribute or input gave it.
  for (size_t i = 0; i < c.node().outputs.size(); ++i) {
    if (!c.wants_output(i)) return c.declined("an output is absent");
    Indices at = loops::identity(c.rank(0));
    at[axis] = loops::add(at[axis], start);
    c.map(c.output(i), c.load(0, at));
    start += c.out_extents(i)[axis];
  }
  return Done{};
}

Status lower_concat(Context& c) {
  const int rank = static_cast<int>(c.out_extents().size());
  const int64_t axis = normal_axis(c.node().get_int("axis", 1), rank);
  int64_t start = 0;
  for (size_t i = 0; i < c.node().inputs.size(); ++i) {
    Indices to = loops::identity(rank);
    to[axis] = loops::add(to[axis], start);
    c.map(c.output(), c.in_extents(i), c.load(i, loops::identity(rank)), to);
    start += c.in_extents(i)[axis];
  }
  return Done{};
}

struct Padding {
  std::vector<int64_t> before;
  std::string mode;
  Scalar value;
};

Result<Padding> padding_of(Context& c) {
  Padding p;
  const auto rank = static_cast<size_t>(c.rank(0));
  p.mode = c.node().get_string("mode", "constant");
  p.before.assign(rank, 0);
  p.value = number(c.in_type(0), 0);
  if (c.node().opset < 11) {
    const auto pads = c.node().get_ints(c.node().has("pads") ? "pads" : "paddings");
    std::copy_n(pads.begin(), std::min(rank, pads.size()), p.before.begin());
    p.value = number(c.in_type(0), c.node().get_float("value", 0));
    return p;
  }
  const auto pads = c.constant_ints(1);
  const auto axes = c.constant_ints(3);
  if (!pads || (c.has_input(3) && !axes)) return c.declined("its pads are computed at run time");
  for (size_t k = 0; k < pads->size() / 2; ++k)
    p.before.at(axes ? normal_axis((*axes)[k], static_cast<int64_t>(rank)) : k) = (*pads)[k];
  if (c.has_input(2)) p.value = c.load(2, {});
  return p;
}

Index reflected(const Index& x, int64_t extent) {
  const Index low = loops::max(x, loops::mul(x, -1));
  return loops::min(low, loops::add(loops::mul(low, -1), 2 * (extent - 1)));
}

Status lower_pad(Context& c) {
  KASURI_TRY(const Padding p, padding_of(c));
  Indices at;
  Scalar inside;
  for (size_t k = 0; k < p.before.size(); ++k) {
    const int64_t extent = c.in_extents(0)[k];
    const int64_t after = c.out_extents()[k] - extent - p.before[k];
    const Index x = loops::add(loops::variable(static_cast<int>(k)), -p.before[k]);
    if (p.mode == "edge") {
      at.push_back(loops::min(loops::max(x, loops::constant(0)), loops::constant(extent - 1)));
    } else if (p.mode == "reflect") {
      if (p.before[k] >= extent || after >= extent) return c.declined("reflects more than once");
      at.push_back(p.before[k] > 0 || after > 0 ? reflected(x, extent) : x);
    } else if (p.mode == "wrap") {
      at.push_back(loops::mod(x, std::max<int64_t>(1, extent)));
    } else {
      at.push_back(x);
      if (p.before[k] <= 0 && after <= 0) continue;
      const Scalar here = in_range(x, 0, extent);
      inside = inside ? loops::binary(loops::BinaryOp::kAnd, inside, here) : here;
    }
  }
  const Scalar value = c.load(0, at);
  c.map(c.output(), inside ? loops::select(inside, value, p.value) : value);
  return Done{};
}

Status lower_trilu(Context& c) {
  const int rank = c.rank(0);
  int64_t k = 0;
  if (c.has_input(1)) {
    const auto given = c.constant_ints(1);
    if (!given) return c.declined("k is computed at run time");
    k = (*given)[0];
  }
  const Scalar row = loops::index_value(loops::add(loops::variable(rank - 2), k));
  const Scalar column = loops::index_value(loops::variable(rank - 1));
  const auto op =
      c.node().get_int("upper", 1) ? loops::BinaryOp::kGreaterEqual : loops::BinaryOp::kLessEqual;
  const Scalar x = c.load(0, loops::identity(rank));
  c.map(c.output(), loops::select(loops::binary(op, column, row), x, number(x->type, 0)));
  return Done{};
}

}  // namespace

void register_slicing_lowerings(Registry& r) {
  r.add("Slice", lower_slice, Movement::kView);
  r.add("Split", lower_split, Movement::kView);
  r.add("Concat", lower_concat);
  r.add("Pad", lower_pad);
  r.add("Trilu", lower_trilu);
}

}  // namespace kasuri::lower
