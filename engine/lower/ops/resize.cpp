#include <cmath>

#include "engine/lower/registry.h"

// Resize and Upsample with static sizes: the source coordinate of output o on each axis is the
// exact rational (a*o + b) / d, so it is index arithmetic. Nearest and linear modes.
namespace kasuri::lower {
namespace {

using loops::BinaryOp;

struct Coordinate {
  int64_t a = 1, b = 0, d = 1;
  int64_t input = 1;
  bool changes = false;

  Index numerator(int axis) const { return loops::add(loops::mul(loops::variable(axis), a), b); }
};

Index clamped(Index x, int64_t extent) {
  return loops::min(loops::max(std::move(x), loops::constant(0)), loops::constant(extent - 1));
}

Result<Coordinate> coordinate_of(Context& c, size_t axis, const std::string& mode) {
  Coordinate k;
  k.input = c.in_extents(0)[axis];
  const int64_t output = c.out_extents()[axis];
  k.changes = k.input != output;
  if (!k.changes) return k;
  if (k.input <= 0 || output <= 0) return c.declined("an empty axis");
  if (mode == "asymmetric") {
    k.a = k.input;
    k.d = output;
  } else if (mode == "align_corners") {
    k.a = output > 1 ? k.input - 1 : 0;
    k.d = output > 1 ? output - 1 : 1;
  } else if (mode == "pytorch_half_pixel" && output == 1) {
    k.a = 0;
  } else if (mode == "half_pixel" || mode == "pytorch_half_pixel" ||
             mode == "half_pixel_symmetric") {
    k.a = 2 * k.input;
    k.b = k.input - output;
    k.d = 2 * output;
  } else {
    return c.declined("coordinate_transformation_mode '" + mode + "'");
  }
  return k;
}

/// Scales, an attribute or input `input`, must be known and be the ratio of the extents, or the
/// coordinates are not rational.
Status check_scales(Context& c, size_t input) {
  std::optional<std::vector<double>> scales = c.constant_numbers(input);
  if (c.node().has("scales")) {
    const std::vector<float> listed = c.node().get_floats("scales");
    scales.emplace(listed.begin(), listed.end());
  }
  if (!scales) return c.declined("scales known only while running");
  if (scales->size() != c.in_extents(0).size()) return c.declined("not one scale per axis");
  for (size_t k = 0; k < scales->size(); ++k) {
    const double exact = (*scales)[k] * static_cast<double>(c.in_extents(0)[k]);
    if (std::abs(exact - static_cast<double>(c.out_extents()[k])) > 1e-6 * exact)
      return c.declined("a scale that is not the ratio of the sizes");
  }
  return Done{};
}

Result<Index> nearest_index(Context& c, const Coordinate& k, int axis, const std::string& mode) {
  const Index x = k.numerator(axis);
  const auto ceiling = [](const Index& numerator, int64_t d) {
    return loops::mul(loops::floor_div(loops::mul(numerator, -1), d), -1);
  };
  if (mode == "floor") return clamped(loops::floor_div(x, k.d), k.input);
  if (mode == "ceil") return clamped(ceiling(x, k.d), k.input);
  const Index twice = loops::mul(x, 2);
  if (mode == "round_prefer_ceil")
    return clamped(loops::floor_div(loops::add(twice, k.d), 2 * k.d), k.input);
  if (mode == "round_prefer_floor")
    return clamped(ceiling(loops::add(twice, -k.d), 2 * k.d), k.input);
  return c.declined("nearest_mode '" + mode + "'");
}

/// Interpolates along `axis` and the axes after it; `at` holds the indices of the axes before.
Scalar interpolate(Context& c, const std::vector<Coordinate>& axes, size_t axis, Indices at) {
  if (axis == axes.size()) return c.load(0, at);
  const Coordinate& k = axes[axis];
  if (!k.changes) {
    at.push_back(loops::variable(static_cast<int>(axis)));
    return interpolate(c, axes, axis + 1, std::move(at));
  }
  const Index x = k.numerator(static_cast<int>(axis));
  const Index low = loops::floor_div(x, k.d);
  const auto value_at = [&](Index i) {
    Indices here = at;
    here.push_back(clamped(std::move(i), k.input));
    return interpolate(c, axes, axis + 1, std::move(here));
  };
  const Scalar first = value_at(low);
  const Scalar second = value_at(loops::add(low, 1));
  const Scalar rest = loops::cast(loops::index_value(loops::mod(x, k.d)), first->type);
  const Scalar weight =
      loops::binary(BinaryOp::kMul, rest, number(first->type, 1.0 / static_cast<double>(k.d)));
  const Scalar difference = loops::binary(BinaryOp::kSub, second, first);
  return loops::binary(BinaryOp::kAdd, first, loops::binary(BinaryOp::kMul, difference, weight));
}

struct ResizeForm {
  std::string mode, coordinates, nearest;
};

Status lower_form(Context& c, const ResizeForm& form) {
  std::vector<Coordinate> axes;
  for (size_t k = 0; k < c.in_extents(0).size(); ++k) {
    KASURI_TRY(const Coordinate here, coordinate_of(c, k, form.coordinates));
    axes.push_back(here);
  }
  if (form.mode == "linear" || form.mode == "bilinear") {
    if (!is_float(c.in_type(0))) return c.declined("linear over integers");
    c.map(c.output(), interpolate(c, axes, 0, {}));
    return Done{};
  }
  if (form.mode != "nearest") return c.declined("mode '" + form.mode + "'");
  Indices at;
  for (size_t k = 0; k < axes.size(); ++k) {
    if (!axes[k].changes) {
      at.push_back(loops::variable(static_cast<int>(k)));
      continue;
    }
    KASURI_TRY(Index index, nearest_index(c, axes[k], static_cast<int>(k), form.nearest));
    at.push_back(index);
  }
  c.map(c.output(), c.load(0, at));
  return Done{};
}

Status lower_resize(Context& c) {
  if (c.node().get_int("antialias", 0) != 0) return c.declined("antialias");
  if (c.node().get_string("keep_aspect_ratio_policy", "stretch") != "stretch")
    return c.declined("keep_aspect_ratio_policy");
  if (c.node().has("axes")) return c.declined("an explicit list of axes");
  const bool old = c.node().opset < 11;
  const bool by_sizes =
      !old && c.has_input(3) && (!c.has_input(2) || c.in_extents(2) == Extents{0});
  if (!by_sizes) KASURI_RETURN_IF_ERROR(check_scales(c, old ? 1 : 2));
  return lower_form(
      c, {c.node().get_string("mode", "nearest"),
          old ? "asymmetric" : c.node().get_string("coordinate_transformation_mode", "half_pixel"),
          old ? "floor" : c.node().get_string("nearest_mode", "round_prefer_floor")});
}

Status lower_upsample(Context& c) {
  KASURI_RETURN_IF_ERROR(check_scales(c, 1));
  return lower_form(c, {c.node().get_string("mode", "nearest"), "asymmetric", "floor"});
}

}  // namespace

void register_resize_lowerings(Registry& r) {
  r.add("Resize", lower_resize);
  r.add("Upsample", lower_upsample);
}

}  // namespace kasuri::lower
