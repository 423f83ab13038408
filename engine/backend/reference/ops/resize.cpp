#include <algorithm>
#include <cmath>

#include "engine/backend/reference/registry.h"

// Resize and Upsample, axis by axis: nearest, linear and cubic are products of one-axis filters.
// Coordinates are computed in float32, as runtimes do; they decide which neighbour is nearest.
namespace kasuri::reference {
namespace {

/// What one output coordinate reads along one axis.
struct Taps {
  std::vector<int64_t> index;
  std::vector<double> weight;
  bool outside = false;  // tf_crop_and_resize beyond the image
};

struct Axis {
  int64_t in = 0, out = 0;
  float scale = 1, roi_start = 0, roi_end = 1;
  float length = 0;  // of the resized axis before rounding: what align_corners divides by
};

struct Rules {
  std::string mode, coordinates, nearest;
  double cubic = -0.75;
  bool exclude_outside = false, antialias = false;
};

float source_coordinate(const Axis& a, const std::string& how, int64_t at) {
  const auto x = static_cast<float>(at), in = static_cast<float>(a.in),
             out = static_cast<float>(a.out);
  if (how == "asymmetric") return x / a.scale;
  if (how == "align_corners") return a.out == 1 ? 0 : x * (in - 1) / (a.length - 1);
  if (how == "pytorch_half_pixel") return a.out > 1 ? (x + 0.5f) / a.scale - 0.5f : 0;
  if (how == "tf_half_pixel_for_nn") return (x + 0.5f) / a.scale;
  if (how == "half_pixel_symmetric") {
    const float adjustment = out / (a.scale * in);
    return in / 2 * (1 - adjustment) + (x + 0.5f) / a.scale - 0.5f;
  }
  if (how == "tf_crop_and_resize")
    return a.out > 1 ? a.roi_start * (in - 1) + x * (a.roi_end - a.roi_start) * (in - 1) / (out - 1)
                     : 0.5f * (a.roi_start + a.roi_end) * (in - 1);
  return (x + 0.5f) / a.scale - 0.5f;
}

int64_t nearest_index(float x, const std::string& how) {
  if (how == "floor") return static_cast<int64_t>(std::floor(x));
  if (how == "ceil") return static_cast<int64_t>(std::ceil(x));
  if (how == "round_prefer_ceil") return static_cast<int64_t>(std::floor(x + 0.5f));
  return static_cast<int64_t>(std::ceil(x - 0.5f));
}

double cubic_filter(double x, double a) {
  x = std::fabs(x);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

/// Filter weights at the pixels around x, stretched when an image shrinks with antialiasing.
Taps filtered(const Axis& a, const Rules& rules, double x) {
  const double squeeze = rules.antialias ? std::min(1.0f, a.scale) : 1;
  const double reach = (rules.mode == "cubic" ? 2 : 1) / squeeze;
  Taps taps;
  double sum = 0;
  for (auto p = static_cast<int64_t>(std::floor(x - reach));
       p <= static_cast<int64_t>(std::ceil(x + reach)); ++p) {
    const double distance = (static_cast<double>(p) - x) * squeeze;
    double weight = rules.mode == "cubic" ? cubic_filter(distance, rules.cubic)
                                          : std::fmax(0, 1 - std::fabs(distance));
    if (rules.exclude_outside && (p < 0 || p >= a.in)) weight = 0;
    if (weight == 0) continue;
    taps.index.push_back(std::clamp<int64_t>(p, 0, a.in - 1));
    taps.weight.push_back(weight);
    sum += weight;
  }
  if (rules.antialias || rules.exclude_outside)
    for (double& w : taps.weight) w /= sum;
  return taps;
}

std::vector<Taps> taps_of(const Context& c, const Axis& a, const Rules& rules) {
  std::vector<Taps> all;
  (void)c.scratch_count({a.out}, sizeof(Taps));
  for (int64_t at = 0; at < a.out; ++at) {
    const bool same = a.in == a.out && a.scale == 1 && rules.coordinates != "tf_crop_and_resize";
    const float x = same ? static_cast<float>(at) : source_coordinate(a, rules.coordinates, at);
    if (rules.mode == "nearest")
      all.push_back(
          {{std::clamp<int64_t>(nearest_index(x, rules.nearest), 0, a.in - 1)}, {1.0}, false});
    else
      all.push_back(filtered(a, rules, x));
    all.back().outside =
        rules.coordinates == "tf_crop_and_resize" && (x < 0 || x > static_cast<float>(a.in - 1));
  }
  return all;
}

/// The values with one axis resampled.
std::vector<double> resampled(const std::vector<double>& x, int64_t outer, const Axis& a,
                              int64_t inner, const std::vector<Taps>& taps, double extrapolation) {
  std::vector<double> out(static_cast<size_t>(outer * a.out * inner));
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t at = 0; at < a.out; ++at) {
      const Taps& t = taps[static_cast<size_t>(at)];
      double* to = out.data() + (o * a.out + at) * inner;
      if (t.outside) {
        std::fill(to, to + inner, extrapolation);
        continue;
      }
      for (size_t k = 0; k < t.index.size(); ++k) {
        const double* from = x.data() + (o * a.in + t.index[k]) * inner;
        for (int64_t i = 0; i < inner; ++i) to[i] += t.weight[k] * from[i];
      }
    }
  return out;
}

void resize_axes(Context& c, const std::vector<Axis>& axes, const Rules& rules) {
  const Tensor& x = c.in(0);
  std::vector<double> values = elements<double>(x);
  const double extrapolation = c.node().get_float("extrapolation_value", 0);
  Extents now = x.extents();
  for (size_t d = 0; d < axes.size(); ++d) {
    const Axis& a = axes[d];
    const bool untouched = a.in == a.out && (a.scale == 1 || rules.mode != "nearest") &&
                           a.scale == 1 && rules.coordinates != "tf_crop_and_resize";
    if (untouched) continue;
    c.require(a.in > 0 || a.out == 0, "an empty axis cannot grow");
    const int64_t outer = product(now, 0, d), inner = product(now, d + 1);
    now[d] = a.out;
    (void)c.scratch_count(now);
    values = resampled(values, outer, a, inner, taps_of(c, a, rules), extrapolation);
  }
  if (!is_float(x.dtype()) && rules.mode != "nearest")
    for (double& v : values) v = std::nearbyint(v);
  c.set(0, c.pack(x.dtype(), now, values));
}

/// Extents by scales: floor(in * scale).
void apply_scales(Context& c, std::vector<Axis>& axes, const std::vector<int>& which,
                  const std::vector<float>& scales) {
  c.require(scales.size() == which.size(), "{} scales for {} axes", scales.size(), which.size());
  for (size_t i = 0; i < which.size(); ++i) {
    Axis& a = axes[static_cast<size_t>(which[i])];
    c.require(scales[i] > 0 && scales[i] * static_cast<double>(a.in) < 1e12, "scale {}", scales[i]);
    a.scale = scales[i];
    a.length = static_cast<float>(a.in) * scales[i];
    a.out = static_cast<int64_t>(std::floor(a.length));
  }
}

void apply_sizes(Context& c, std::vector<Axis>& axes, const std::vector<int>& which,
                 const std::vector<int64_t>& sizes) {
  c.require(sizes.size() == which.size(), "{} sizes for {} axes", sizes.size(), which.size());
  const std::string policy = c.node().get_string("keep_aspect_ratio_policy", "stretch");
  float common = 0;
  for (size_t i = 0; i < which.size(); ++i) {
    Axis& a = axes[static_cast<size_t>(which[i])];
    c.require(sizes[i] >= 0 && a.in > 0, "size {} of an axis of {}", sizes[i], a.in);
    a.out = sizes[i];
    a.length = static_cast<float>(a.out);
    a.scale = static_cast<float>(sizes[i]) / static_cast<float>(a.in);
    const bool take = i == 0 || (policy == "not_larger" ? a.scale < common : a.scale > common);
    if (take) common = a.scale;
  }
  if (policy == "stretch") return;
  for (int d : which) {
    Axis& a = axes[static_cast<size_t>(d)];
    a.scale = common;
    a.length = common * static_cast<float>(a.in);
    a.out = static_cast<int64_t>(std::floor(a.length + 0.5f));
  }
}

std::vector<Axis> axes_of(const Tensor& x) {
  std::vector<Axis> axes;
  for (int64_t e : x.extents())
    axes.push_back({.in = e, .out = e, .length = static_cast<float>(e)});
  return axes;
}

std::vector<int> chosen_axes(Context& c) {
  const int64_t rank = c.in(0).rank();
  if (c.node().has("axes")) return c.axes(c.node().get_ints("axes"), rank);
  std::vector<int> all;
  for (int d = 0; d < rank; ++d) all.push_back(d);
  return all;
}

/// Upsample, and Resize of opset 10.
void upsample(Context& c) {
  std::vector<Axis> axes = axes_of(c.in(0));
  const std::vector<float> scales =
      c.has(1) ? elements<float>(c.in(1)) : c.node().get_floats("scales");
  apply_scales(c, axes, chosen_axes(c), scales);
  Rules rules{c.node().get_string("mode", "nearest"), "asymmetric", "floor"};
  if (rules.mode == "bilinear") rules.mode = "linear";
  resize_axes(c, axes, rules);
}

void resize(Context& c) {
  if (c.opset() < 11) return upsample(c);
  const Node& n = c.node();
  std::vector<Axis> axes = axes_of(c.in(0));
  const std::vector<int> which = chosen_axes(c);
  if (c.has(2) && c.in(2).count() > 0)
    apply_scales(c, axes, which, elements<float>(c.in(2)));
  else if (c.has(3))
    apply_sizes(c, axes, which, c.ints(3));
  else
    c.fail("needs scales or sizes");
  Rules rules{n.get_string("mode", "nearest"),
              n.get_string("coordinate_transformation_mode", "half_pixel"),
              n.get_string("nearest_mode", "round_prefer_floor"),
              n.get_float("cubic_coeff_a", -0.75f),
              n.get_int("exclude_outside", 0) != 0,
              n.get_int("antialias", 0) != 0};
  if (rules.coordinates == "tf_crop_and_resize") {
    c.require(c.has(1) && c.in(1).count() == 2 * static_cast<int64_t>(which.size()), "needs a roi");
    const std::vector<float> roi = elements<float>(c.in(1));
    for (size_t i = 0; i < which.size(); ++i) {
      axes[static_cast<size_t>(which[i])].roi_start = roi[i];
      axes[static_cast<size_t>(which[i])].roi_end = roi[i + which.size()];
    }
  }
  resize_axes(c, axes, rules);
}

}  // namespace

void register_resize_kernels(Registry& r) {
  r.add("Resize", resize);
  r.add("Upsample", upsample);
}

}  // namespace kasuri::reference
