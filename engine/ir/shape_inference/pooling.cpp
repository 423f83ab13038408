#include <fmt/format.h>

#include "engine/ir/shape_inference/registry.h"
#include "engine/ir/shape_inference/window.h"

namespace kasuri::shape_inference {
namespace {

MaybeShape pooled(Context& c) {
  const auto kernel = c.list("kernel_shape");
  if (!kernel) return c.fail("attribute 'kernel_shape' is missing"), std::nullopt;
  if (!c.want_rank(0, 2)) return std::nullopt;
  if (!c.want_count(*kernel, c.shape(0)->size() - 2, "kernel_shape")) return std::nullopt;
  const auto window = read_window(c, *kernel);
  return window ? windowed_shape(c, *window, *c.shape(0), c.dim(0, 1)) : std::nullopt;
}

void pool(Context& c) {
  if (!c.want_input(0)) return;
  const MaybeShape out = pooled(c);
  c.set(0, c.dtype(0), out);
  c.set(1, DataType::kInt64, out);
}

MaybeShape globally_pooled(Context& c) {
  if (!c.want_rank(0, 2)) return std::nullopt;
  Shape out(c.shape(0)->size(), Dim(1));
  out[0] = c.dim(0, 0);
  out[1] = c.dim(0, 1);
  return out;
}

void global_pool(Context& c) {
  if (c.want_input(0)) c.set(0, c.dtype(0), globally_pooled(c));
}

void max_unpool(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const auto kernel = c.list("kernel_shape");
  if (!kernel) return c.fail("attribute 'kernel_shape' is missing");
  if (c.has(2)) {
    const auto target = c.ints(2);
    MaybeShape out;
    if (target) {
      out.emplace();
      for (int64_t e : *target) out->push_back(e < 0 ? Dim() : Dim(e));
    } else if (c.shape(0)) {
      out = unknown_shape(c.shape(0)->size());
    }
    return c.set(0, c.dtype(0), std::move(out));
  }
  if (!c.want_rank(0, 2)) return c.set(0, c.dtype(0));
  if (!c.want_count(*kernel, c.shape(0)->size() - 2, "kernel_shape")) return;
  const auto w = read_window(c, *kernel);
  if (!w) return;
  Shape out{c.dim(0, 0), c.dim(0, 1)};
  for (size_t i = 0; i < kernel->size(); ++i) {
    const Dim in = c.dim(0, static_cast<int64_t>(i) + 2);
    const int64_t pads = w->pads[i] + w->pads[i + kernel->size()];
    Dim extent = in.known() && in.value() > 0 ? Dim(in.value() - 1) : Dim();
    extent = sum(product(extent, Dim(w->strides[i])), Dim(w->kernel[i]));
    out.push_back(pads >= 0 ? difference(extent, Dim(pads)) : sum(extent, Dim(-pads)));
  }
  c.set(0, c.dtype(0), std::move(out));
}

void max_roi_pool(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const auto pooled_shape = c.list("pooled_shape");
  if (!pooled_shape || pooled_shape->size() != 2)
    return c.fail("attribute 'pooled_shape' must have two entries");
  c.set(0, c.dtype(0),
        Shape{c.dim(1, 0), c.dim(0, 1), Dim((*pooled_shape)[0]), Dim((*pooled_shape)[1])});
}

/// com.microsoft::QLinearGlobalAveragePool; channels last where asked.
void qlinear_global_pool(Context& c) {
  if (!c.want_input(0)) return;
  if (c.integer("channels_last", 0) == 0) return c.set(0, c.dtype(0), globally_pooled(c));
  if (!c.want_rank(0, 2)) return c.set(0, c.dtype(0));
  Shape out(c.shape(0)->size(), Dim(1));
  out.front() = c.dim(0, 0);
  out.back() = c.dim(0, -1);
  c.set(0, c.dtype(0), std::move(out));
}

void qlinear_pool(Context& c) {
  if (!c.want_input(0)) return;
  c.set(0, c.dtype(0), c.integer("channels_last", 0) == 0 ? pooled(c) : std::nullopt);
}

}  // namespace

void register_pooling_shapes(Registry& r) {
  r.add({"MaxPool", "AveragePool", "LpPool"}, pool);
  r.add({"GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"}, global_pool);
  r.add("MaxUnpool", max_unpool);
  r.add("MaxRoiPool", max_roi_pool);
  r.add(kMicrosoft, {"QLinearGlobalAveragePool"}, qlinear_global_pool);
  r.add(kMicrosoft, {"QLinearAveragePool"}, qlinear_pool);
}

}  // namespace kasuri::shape_inference
