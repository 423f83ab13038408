#include <fmt/format.h>

#include <algorithm>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Entries of start:end:step along an axis of `extent`, with NumPy's clamping.
int64_t sliced_extent(int64_t extent, int64_t start, int64_t end, int64_t step) {
  if (extent == 0) return 0;
  const auto place = [&](int64_t at, int64_t low, int64_t high) {
    return std::clamp(at < 0 ? at + extent : at, low, high);
  };
  if (step > 0) {
    const int64_t first = place(start, 0, extent);
    const int64_t last = place(end, 0, extent);
    return last <= first ? 0 : (last - first - 1) / step + 1;
  }
  const int64_t first = place(start, 0, extent - 1);
  const int64_t last = place(end, -1, extent - 1);
  // -(step + 1) + 1 would overflow for the least integer; one entry is all such a step reaches.
  if (step == INT64_MIN) return first > last ? 1 : 0;
  return first <= last ? 0 : (first - last - 1) / -step + 1;
}

struct SliceArguments {
  ListArgument starts, ends, axes, steps;
};

void slice_known(Context& c, const SliceArguments& a, const std::vector<int>& axes) {
  Shape out = *c.shape(0);
  const size_t n = axes.size();
  for (const ListArgument* list : {&a.starts, &a.ends, &a.steps})
    if (list->values && !c.want_count(*list->values, n, "starts, ends or steps")) return;
  for (size_t i = 0; i < n; ++i) {
    Dim& d = out[static_cast<size_t>(axes[i])];
    const int64_t step = a.steps.values ? (*a.steps.values)[i] : 1;
    if (step == 0) return c.fail("a step is 0");
    const bool bounded = a.starts.values && a.ends.values && (a.steps.values || !a.steps.present);
    const bool whole =
        bounded && (*a.starts.values)[i] == 0 && step == 1 && (*a.ends.values)[i] >= INT32_MAX;
    if (whole) continue;
    d = bounded && d.known()
            ? Dim(sliced_extent(d.value(), (*a.starts.values)[i], (*a.ends.values)[i], step))
            : Dim();
  }
  c.set(0, c.dtype(0), std::move(out));
}

void slice(Context& c) {
  if (!c.want_input(0)) return;
  SliceArguments a{c.list_argument("starts", 1), c.list_argument("ends", 2),
                   c.list_argument("axes", 3),
                   c.has(4) ? ListArgument{true, c.ints(4)} : ListArgument{}};
  if (!a.starts.present || !a.ends.present) return c.fail("starts or ends are missing");
  if (!c.shape(0)) return c.set(0, c.dtype(0));
  if (a.axes.present && !a.axes.values)
    return c.set(0, c.dtype(0), unknown_shape(c.shape(0)->size()));
  Integers given = a.axes.values.value_or(Integers{});
  if (!a.axes.present) {
    const Dim count =
        a.starts.values ? Dim(static_cast<int64_t>(a.starts.values->size())) : c.dim(1, 0);
    if (!count.known() || count.value() > c.rank(0))
      return c.set(0, c.dtype(0), unknown_shape(c.shape(0)->size()));
    for (int64_t i = 0; i < count.value(); ++i) given.push_back(i);
  }
  const auto axes = c.axes(given, c.rank(0));
  if (axes) slice_known(c, a, *axes);
}

void center_crop_pad(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (!c.shape(0)) return c.set(0, c.dtype(0));
  Shape out = *c.shape(0);
  Integers given = c.list("axes").value_or(Integers{});
  if (!c.has_attribute("axes"))
    for (size_t i = 0; i < out.size(); ++i) given.push_back(static_cast<int64_t>(i));
  const auto axes = c.axes(given, c.rank(0));
  const auto target = c.ints(1);
  if (!axes || (target && !c.want_count(*target, axes->size(), "shape"))) return;
  for (size_t i = 0; i < axes->size(); ++i)
    out[static_cast<size_t>((*axes)[i])] = target && (*target)[i] >= 0 ? Dim((*target)[i]) : Dim();
  c.set(0, c.dtype(0), std::move(out));
}

void add_pads(Context& c, const Integers& pads, const std::vector<int>& axes) {
  if (!c.want_count(pads, axes.size() * 2, "pads")) return;
  Shape out = *c.shape(0);
  for (size_t i = 0; i < axes.size(); ++i) {
    Dim& d = out[static_cast<size_t>(axes[i])];
    int64_t both = 0;
    int64_t extent = 0;
    if (__builtin_add_overflow(pads[i], pads[i + axes.size()], &both))
      return c.fail("the padding is too large");
    if (both == 0) continue;
    if (d.known() && (__builtin_add_overflow(d.value(), both, &extent) || extent < 0))
      return c.fail(fmt::format("padding by {} leaves no extent of {}", both, d.value()));
    d = d.known() ? Dim(extent) : Dim();
  }
  c.set(0, c.dtype(0), std::move(out));
}

void pad(Context& c) {
  if (!c.want_input(0)) return;
  ListArgument pads = c.list_argument(c.opset() < 2 ? "paddings" : "pads", 1);
  if (!pads.present) return c.fail("the pads are missing");
  if (!c.shape(0)) return c.set(0, c.dtype(0));
  const size_t rank = c.shape(0)->size();
  const auto given = c.ints(3);
  if (!pads.values || (c.has(3) && !given)) return c.set(0, c.dtype(0), unknown_shape(rank));
  Integers list = given.value_or(Integers{});
  if (!given)
    for (size_t i = 0; i < rank; ++i) list.push_back(static_cast<int64_t>(i));
  const auto axes = c.axes(list, c.rank(0));
  if (axes) add_pads(c, *pads.values, *axes);
}

/// Legacy Crop: border = left, top, right, bottom, or a fixed scale = height, width.
void crop(Context& c) {
  if (!c.want_input(0) || !c.want_rank(0, 4, 4)) return c.set(0, c.dtype(0), unknown_shape(4));
  const Integers border = c.list("border").value_or(Integers{0, 0, 0, 0});
  const auto scale = c.list("scale");
  if (!c.want_count(border, 4, "border")) return;
  Shape out = *c.shape(0);
  if (scale && scale->size() == 2) {
    out[2] = Dim((*scale)[0]);
    out[3] = Dim((*scale)[1]);
  } else {
    for (int64_t b : border)
      if (b < 0 || b > INT32_MAX) return c.fail("a border is negative or too large");
    out[2] = difference(out[2], Dim(border[1] + border[3]));
    out[3] = difference(out[3], Dim(border[0] + border[2]));
  }
  c.set(0, c.dtype(0), std::move(out));
}

void compress(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  Dim kept;
  if (const auto condition = c.ints(1))
    kept = Dim(static_cast<int64_t>(condition->size()) -
               std::count(condition->begin(), condition->end(), 0));
  if (!c.has_attribute("axis")) return c.set(0, c.dtype(0), Shape{kept});
  if (!c.shape(0)) return c.set(0, c.dtype(0));
  const auto axis = c.axis(c.integer("axis", 0), c.rank(0));
  if (!axis) return;
  Shape out = *c.shape(0);
  out[static_cast<size_t>(*axis)] = kept;
  c.set(0, c.dtype(0), std::move(out));
}

}  // namespace

void register_slicing_shapes(Registry& r) {
  r.add("Slice", slice);
  r.add("CenterCropPad", center_crop_pad);
  r.add("Pad", pad);
  r.add("Crop", crop);
  r.add("Compress", compress);
}

}  // namespace kasuri::shape_inference
