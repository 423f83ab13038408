#include <fmt/format.h>

#include <cmath>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

using Scales = std::optional<std::vector<double>>;

Dim scaled(Context& c, const Dim& d, double scale) {
  if (!(scale > 0)) return c.fail(fmt::format("the scale {} is not positive", scale)), Dim();
  if (scale == 1) return d;
  if (!d.known()) return {};
  const float out = std::floor(static_cast<float>(d.value()) * static_cast<float>(scale));
  return out < 9e15F ? Dim(static_cast<int64_t>(out)) : Dim();
}

void resize_by(Context& c, const std::vector<double>& scales, const std::vector<int>& axes) {
  Shape out = *c.shape(0);
  if (scales.size() != axes.size())
    return c.fail(fmt::format("{} scales for {} axes", scales.size(), axes.size()));
  for (size_t i = 0; i < axes.size(); ++i) {
    Dim& d = out[static_cast<size_t>(axes[i])];
    d = scaled(c, d, scales[i]);
  }
  c.set(0, c.dtype(0), std::move(out));
}

/// The one scale of the policies not_larger and not_smaller; empty where an extent is unknown.
std::optional<double> common_scale(Context& c, const Integers& sizes,
                                   const std::vector<int>& axes) {
  const bool smaller = c.text("keep_aspect_ratio_policy", "stretch") == "not_larger";
  std::optional<double> scale;
  for (size_t i = 0; i < axes.size(); ++i) {
    const Dim d = c.dim(0, axes[i]);
    if (!d.known() || d.value() == 0) return std::nullopt;
    const double s = static_cast<double>(sizes[i]) / static_cast<double>(d.value());
    scale = !scale ? s : (smaller ? std::min(*scale, s) : std::max(*scale, s));
  }
  return scale;
}

void resize_to(Context& c, const Integers& sizes, const std::vector<int>& axes) {
  if (!c.want_count(sizes, axes.size(), "sizes")) return;
  Shape out = *c.shape(0);
  const bool stretch = c.text("keep_aspect_ratio_policy", "stretch") == "stretch";
  const auto scale = stretch ? std::nullopt : common_scale(c, sizes, axes);
  for (size_t i = 0; i < axes.size(); ++i) {
    Dim& d = out[static_cast<size_t>(axes[i])];
    if (sizes[i] < 0) return c.fail("a size is negative");
    if (stretch)
      d = Dim(sizes[i]);
    else
      d = scale ? Dim(std::llround(*scale * static_cast<double>(d.value()))) : Dim();
  }
  c.set(0, c.dtype(0), std::move(out));
}

std::optional<std::vector<int>> resized_axes(Context& c) {
  if (const auto given = c.list("axes")) return c.axes(*given, c.rank(0));
  std::vector<int> all;
  for (int i = 0; i < c.rank(0); ++i) all.push_back(i);
  return all;
}

/// Version 10: scales as input 1. Later: roi, scales, sizes.
void resize(Context& c) {
  if (!c.want_input(0)) return;
  if (!c.shape(0)) return c.set(0, c.dtype(0));
  const Shape unknown = unknown_shape(c.shape(0)->size());
  const auto axes = resized_axes(c);
  if (!axes) return;
  const size_t scales_at = c.opset() < 11 ? 1 : 2;
  const bool has_sizes = c.opset() >= 11 && c.has(3);
  if (has_sizes) {
    const auto sizes = c.ints(3);
    return sizes && !sizes->empty() ? resize_to(c, *sizes, *axes) : c.set(0, c.dtype(0), unknown);
  }
  if (!c.has(scales_at)) return c.fail("neither scales nor sizes are given");
  const Scales scales = c.numbers(scales_at);
  if (!scales || scales->empty()) return c.set(0, c.dtype(0), unknown);
  resize_by(c, *scales, *axes);
}

/// Version 1: width_scale and height_scale; 7: attribute scales; 9: input 1.
void upsample(Context& c) {
  if (!c.want_input(0)) return;
  if (!c.shape(0)) return c.set(0, c.dtype(0));
  Scales scales = c.numbers(1);
  if (const Attribute* a = c.node().find("scales")) {
    const auto* list = std::get_if<std::vector<float>>(a);
    if (list == nullptr) return c.fail("attribute 'scales' has the wrong type");
    scales.emplace(list->begin(), list->end());
  } else if (c.has_attribute("height_scale")) {
    scales = {1, 1, c.real("height_scale", 1), c.real("width_scale", 1)};
  }
  const auto axes = resized_axes(c);
  if (!scales || !axes) return c.set(0, c.dtype(0), unknown_shape(c.shape(0)->size()));
  resize_by(c, *scales, *axes);
}

/// Grid [N, spatial..., count of spatial axes].
void grid_sample(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (!c.want_rank(1, 3))
    return c.set(0, c.dtype(0),
                 c.shape(0) ? MaybeShape(unknown_shape(c.shape(0)->size())) : std::nullopt);
  if (c.rank(0) >= 0 && c.rank(0) != c.rank(1))
    return c.fail("input and grid have different ranks");
  Shape out{c.match(c.dim(0, 0), c.dim(1, 0), "the batches differ"), c.dim(0, 1)};
  out.insert(out.end(), c.shape(1)->begin() + 1, c.shape(1)->end() - 1);
  c.set(0, c.dtype(0), std::move(out));
}

/// theta [N, 2, 3] or [N, 3, 4] and size [N, C, (D,) H, W] -> [N, (D,) H, W, 2 or 3].
void affine_grid(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const auto size = c.ints(1);
  const Dim axes = difference(c.dim(0, 2), Dim(1));
  if (!size) {
    MaybeShape out;
    if (axes.known() && axes.value() <= 3) {
      out = unknown_shape(static_cast<size_t>(axes.value()) + 2);
      out->front() = c.dim(0, 0);
      out->back() = axes;
    }
    return c.set(0, c.dtype(0), std::move(out));
  }
  if (size->size() != 4 && size->size() != 5) return c.fail("size must have 4 or 5 entries");
  Shape out{Dim((*size)[0])};
  for (size_t i = 2; i < size->size(); ++i) out.push_back(Dim((*size)[i]));
  out.push_back(Dim(static_cast<int64_t>(size->size()) - 2));
  c.set(0, c.dtype(0), std::move(out));
}

void roi_align(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  c.set(0, c.dtype(0),
        Shape{c.dim(1, 0), c.dim(0, 1), Dim(c.integer("output_height", 1)),
              Dim(c.integer("output_width", 1))});
}

void non_max_suppression(Context& c) {
  if (c.want_input(0) && c.want_input(1)) c.set(0, DataType::kInt64, Shape{Dim(), Dim(3)});
}

}  // namespace

void register_image_shapes(Registry& r) {
  r.add("Resize", resize);
  r.add("Upsample", upsample);
  r.add("GridSample", grid_sample);
  r.add("AffineGrid", affine_grid);
  r.add("RoiAlign", roi_align);
  r.add("NonMaxSuppression", non_max_suppression);
}

}  // namespace kasuri::shape_inference
