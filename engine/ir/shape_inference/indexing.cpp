#include <fmt/format.h>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

void gather(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (!c.shape(0) || !c.shape(1)) return c.set(0, c.dtype(0));
  const Shape& data = *c.shape(0);
  const auto axis = c.axis(c.integer("axis", 0), c.rank(0));
  if (!axis) return;
  Shape out(data.begin(), data.begin() + *axis);
  out.insert(out.end(), c.shape(1)->begin(), c.shape(1)->end());
  out.insert(out.end(), data.begin() + *axis + 1, data.end());
  c.set(0, c.dtype(0), std::move(out));
}

void gather_elements(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (c.rank(0) >= 0 && c.rank(1) >= 0) {
    if (c.rank(0) != c.rank(1)) return c.fail("data and indices have different ranks");
    if (!c.axis(c.integer("axis", 0), c.rank(0))) return;
  }
  c.set(0, c.dtype(0), c.shape(1));
}

void gather_nd(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const Dim depth = c.dim(1, -1);
  const int64_t batch = c.integer("batch_dims", 0);
  if (!c.shape(0) || !c.shape(1) || !depth.known()) return c.set(0, c.dtype(0));
  if (c.rank(1) < 1 || batch < 0 || batch >= c.rank(1) || batch >= c.rank(0) ||
      depth.value() > c.rank(0) - batch)
    return c.fail(
        fmt::format("indices {} do not fit data {}", text_of(*c.shape(1)), text_of(*c.shape(0))));
  Shape out(c.shape(1)->begin(), c.shape(1)->end() - 1);
  out.insert(out.end(), c.shape(0)->begin() + batch + depth.value(), c.shape(0)->end());
  c.set(0, c.dtype(0), std::move(out));
}

void scatter(Context& c) {
  if (!c.want_input(0) || !c.want_input(1) || !c.want_input(2)) return;
  if (c.rank(0) >= 0 && !c.axis(c.integer("axis", 0), c.rank(0))) return;
  c.same(0, 0);
}

void scatter_nd(Context& c) {
  if (!c.want_input(0) || !c.want_input(1) || !c.want_input(2)) return;
  const Dim depth = c.dim(1, -1);
  if (depth.known() && c.rank(0) >= 0 && depth.value() > c.rank(0))
    return c.fail("the indices are deeper than the data");
  c.same(0, 0);
}

void tensor_scatter(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (c.rank(0) >= 0 && !c.axis(c.integer("axis", -2), c.rank(0))) return;
  c.same(0, 0);
}

void one_hot(Context& c) {
  if (!c.want_input(0) || !c.want_input(1) || !c.want_input(2)) return;
  if (!c.shape(0)) return c.set(0, c.dtype(2));
  const auto axis = c.axis(c.integer("axis", -1), c.rank(0) + 1);
  if (!axis) return;
  const auto depth = c.number_at(1);
  if (depth && !(*depth >= 0 && *depth < 9e15)) return c.fail("the depth is negative");
  Shape out = *c.shape(0);
  out.insert(out.begin() + *axis, depth ? Dim(static_cast<int64_t>(*depth)) : Dim());
  c.set(0, c.dtype(2), std::move(out));
}

void top_k(Context& c) {
  if (!c.want_input(0)) return;
  MaybeShape out = c.shape(0);
  if (out) {
    const auto axis = c.axis(c.integer("axis", -1), c.rank(0));
    if (!axis) return;
    std::optional<int64_t> k = c.integer_at(1);
    if (c.has_attribute("k")) k = c.integer("k", 0);
    Dim& d = (*out)[static_cast<size_t>(*axis)];
    if (k && (*k < 0 || (d.known() && *k > d.value())))
      return c.fail(fmt::format("k = {} of {} entries", *k, d.text()));
    d = k ? Dim(*k) : Dim();
  }
  c.set(0, c.dtype(0), out);
  c.set(1, DataType::kInt64, std::move(out));
}

void unique(Context& c) {
  if (!c.want_input(0)) return;
  MaybeShape out = Shape{Dim()};
  Dim entries = c.elements(0);
  if (c.has_attribute("axis")) {
    out = c.shape(0);
    entries = Dim();
    if (out) {
      const auto axis = c.axis(c.integer("axis", 0), c.rank(0));
      if (!axis) return;
      entries = c.dim(0, *axis);
      (*out)[static_cast<size_t>(*axis)] = Dim();
    }
  }
  c.set(0, c.dtype(0), std::move(out));
  c.set(1, DataType::kInt64, Shape{Dim()});
  c.set(2, DataType::kInt64, Shape{entries});
  c.set(3, DataType::kInt64, Shape{Dim()});
}

void non_zero(Context& c) {
  if (!c.want_input(0)) return;
  const Dim rank = c.rank(0) < 0 ? Dim() : Dim(c.rank(0));
  c.set(0, DataType::kInt64, Shape{rank, Dim()});
}

void reverse_sequence(Context& c) {
  if (c.want_input(0) && c.want_input(1)) c.same(0, 0);
}

}  // namespace

void register_indexing_shapes(Registry& r) {
  r.add("Gather", gather);
  r.add("GatherElements", gather_elements);
  r.add({"GatherND"}, gather_nd);
  r.add({"Scatter", "ScatterElements"}, scatter);
  r.add("ScatterND", scatter_nd);
  r.add("TensorScatter", tensor_scatter);
  r.add("OneHot", one_hot);
  r.add("TopK", top_k);
  r.add("Unique", unique);
  r.add("NonZero", non_zero);
  r.add("ReverseSequence", reverse_sequence);
  r.add(kMicrosoft, {"GatherND"}, gather_nd);
}

}  // namespace kasuri::shape_inference
