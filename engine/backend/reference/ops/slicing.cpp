#include <algorithm>

#include "engine/backend/reference/joining.h"
#include "engine/backend/reference/registry.h"

// Parts of tensors, joins, and padding.
namespace kasuri::reference {
namespace {

void concat(Context& c) {
  std::vector<Tensor> parts;
  for (size_t i = 0; i < c.input_count(); ++i) parts.push_back(c.in(i));
  c.set(0, concatenated(c, parts, c.node().get_int("axis", 1)));
}

struct Range {
  int64_t start, step, count;
};

Range resolve(const Context& c, int64_t extent, int64_t start, int64_t end, int64_t step) {
  c.require(step != 0, "a step is 0");
  const auto shift = [&](int64_t at) { return at < 0 ? at + extent : at; };
  const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? extent : extent - 1;
  start = std::clamp(shift(start), low, high);
  if (step < 0 && end < -extent)
    end = -1;
  else
    end = std::clamp(shift(end), low, high);
  if (step == INT64_MIN) step = -INT64_MAX;
  const int64_t distance = step > 0 ? end - start : start - end;
  const int64_t stride = step > 0 ? step : -step;
  return {start, step, distance > 0 ? (distance - 1) / stride + 1 : 0};
}

void slice(Context& c) {
  const Tensor& x = c.in(0);
  const std::vector<int64_t> starts = c.ints_of("starts", 1), ends = c.ints_of("ends", 2);
  std::vector<int64_t> axes = c.ints_of("axes", 3), steps = c.ints(4);
  if (axes.empty())
    for (size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<int64_t>(i));
  if (steps.empty()) steps.assign(starts.size(), 1);
  c.require(
      starts.size() == ends.size() && starts.size() == axes.size() && starts.size() == steps.size(),
      "starts, ends, axes and steps differ in length");
  Extents out = x.extents();
  Strides strides = contiguous_strides(x.extents());
  const Strides own = strides;
  int64_t offset = 0;
  for (size_t i = 0; i < axes.size(); ++i) {
    const auto d = static_cast<size_t>(c.axis(axes[i], x.rank()));
    const Range range = resolve(c, x.extents()[d], starts[i], ends[i], steps[i]);
    out[d] = range.count;
    if (range.count > 1) strides[d] = own[d] * range.step;
    if (range.count > 0) offset += own[d] * range.start;
  }
  c.set(0, strided_copy(c, x, out, strides, offset));
}

void split(Context& c) {
  const Tensor& x = c.in(0);
  const int axis = c.axis(c.node().get_int("axis", 0), x.rank());
  const int64_t extent = x.extents()[static_cast<size_t>(axis)];
  std::vector<int64_t> parts = c.ints_of("split", 1);
  if (parts.empty()) {
    const auto n = static_cast<int64_t>(c.output_count());
    const int64_t share = (extent + n - 1) / n;
    for (int64_t i = 0, left = extent; i < n; ++i, left -= parts.back())
      parts.push_back(std::min(share, left));
  }
  c.require(parts.size() == c.output_count(), "{} parts for {} outputs", parts.size(),
            c.output_count());
  int64_t begin = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    c.require(parts[i] >= 0 && parts[i] <= extent - begin, "parts {} of an axis of {}",
              text_of(parts), extent);
    c.set(i, section(c, x, axis, begin, parts[i]));
    begin += parts[i];
  }
  c.require(begin == extent, "parts {} of an axis of {}", text_of(parts), extent);
}

int64_t reflected(int64_t at, int64_t extent) {
  if (extent == 1) return 0;
  const int64_t period = 2 * (extent - 1);
  at = ((at % period) + period) % period;
  return at < extent ? at : period - at;
}

/// The source index of each index along a padded axis; -1: the constant.
std::vector<int64_t> padded_axis(const Context& c, int64_t extent, int64_t before, int64_t after,
                                 const std::string& mode) {
  const int64_t length = extent + before + after;
  c.require(length >= 0, "padding {} and {} of an axis of {}", before, after, extent);
  c.require(mode == "constant" || extent > 0 || length == 0, "an empty axis cannot be padded by {}",
            mode);
  (void)c.scratch_count({length});
  std::vector<int64_t> from(static_cast<size_t>(length));
  for (int64_t i = 0; i < length; ++i) {
    int64_t at = i - before;
    if (at < 0 || at >= extent) {
      if (mode == "edge")
        at = std::clamp<int64_t>(at, 0, extent - 1);
      else if (mode == "reflect")
        at = reflected(at, extent);
      else if (mode == "wrap")
        at = ((at % extent) + extent) % extent;
      else
        at = -1;
    }
    from[static_cast<size_t>(i)] = at;
  }
  return from;
}

Tensor pad_value(Context& c) {
  const DataType dtype = c.in(0).dtype();
  if (c.has(2) && c.in(2).count() == 1) return c.in(2);
  if (dtype == DataType::kString) return Tensor::strings({}, {""});
  return c.pack<double>(dtype, {}, {c.node().get_float("value", 0.0f)});
}

void pad(Context& c) {
  const Tensor& x = c.in(0);
  const std::string mode = c.node().get_string("mode", "constant");
  std::vector<int64_t> pads = c.ints_of("pads", 1);
  if (pads.empty() && c.node().has("paddings")) pads = c.node().get_ints("paddings");
  std::vector<int> axes = c.axes(c.ints(3), x.rank());
  if (!c.has(3))
    for (int d = 0; d < x.rank(); ++d) axes.push_back(d);
  c.require(pads.size() == 2 * axes.size(), "{} pads for {} axes", pads.size(), axes.size());
  std::vector<std::vector<int64_t>> from(static_cast<size_t>(x.rank()));
  Extents out;
  for (int d = 0; d < x.rank(); ++d) {
    int64_t before = 0, after = 0;
    for (size_t i = 0; i < axes.size(); ++i)
      if (axes[i] == d) before = pads[i], after = pads[i + axes.size()];
    c.require(std::abs(before) < (int64_t{1} << 40) && std::abs(after) < (int64_t{1} << 40),
              "pads {} and {}", before, after);
    from[static_cast<size_t>(d)] =
        padded_axis(c, x.extents()[static_cast<size_t>(d)], before, after, mode);
    out.push_back(static_cast<int64_t>(from[static_cast<size_t>(d)].size()));
  }
  const Strides strides = contiguous_strides(x.extents());
  const Tensor fill = pad_value(c);
  c.require(fill.dtype() == x.dtype(), "{} is padded with {}", name_of(x.dtype()),
            name_of(fill.dtype()));
  std::vector<int64_t> starts;
  starts.reserve(static_cast<size_t>(c.scratch_count(out)));
  Extents at(out.size(), 0);
  for (int64_t n = c.count(out); n > 0; --n) {
    int64_t start = 0;
    for (size_t d = 0; d < at.size(); ++d) {
      const int64_t source = from[d][static_cast<size_t>(at[d])];
      start = source < 0 || start < 0 ? -1 : start + source * strides[d];
    }
    starts.push_back(start);
    for (size_t d = at.size(); d-- > 0;) {
      if (++at[d] < out[d]) break;
      at[d] = 0;
    }
  }
  c.set(0, gathered(c, x, out, 1, starts, &fill));
}

void center_crop_pad(Context& c) {
  Tensor x = c.in(0);
  const std::vector<int64_t> target = c.ints(1);
  std::vector<int> axes = c.axes(c.node().get_ints("axes"), x.rank());
  if (axes.empty())
    for (int d = 0; d < x.rank(); ++d) axes.push_back(d);
  c.require(axes.size() == target.size(), "{} extents for {} axes", target.size(), axes.size());
  for (size_t i = 0; i < axes.size(); ++i) {
    const auto d = static_cast<size_t>(axes[i]);
    const int64_t have = x.extents()[d], want = target[i];
    c.require(want >= 0, "extents {}", text_of(target));
    if (want <= have) {
      x = section(c, x, axes[i], (have - want) / 2, want);
      continue;
    }
    const auto filler = [&](int64_t length) {
      Extents e = x.extents();
      e[d] = length;
      return MoveTarget(c, x.dtype(), e).take();
    };
    const int64_t before = (want - have) / 2;
    x = concatenated(c, {filler(before), x, filler(want - have - before)}, axes[i]);
  }
  c.set(0, x);
}

void crop(Context& c) {
  const Tensor& x = c.in(0);
  const std::vector<int64_t> border = c.node().get_ints("border"),
                             scale = c.node().get_ints("scale");
  c.require(x.rank() == 4 && border.size() == 4, "needs an image and four borders");
  const int64_t left = border[0], top = border[1];
  const int64_t h = scale.size() == 2 ? scale[0] : x.extents()[2] - top - border[3];
  const int64_t w = scale.size() == 2 ? scale[1] : x.extents()[3] - left - border[2];
  c.require(top >= 0 && left >= 0 && h >= 0 && w >= 0 && top + h <= x.extents()[2] &&
                left + w <= x.extents()[3],
            "the part is outside {}", text_of(x.extents()));
  c.set(0, section(c, section(c, x, 2, top, h), 3, left, w));
}

}  // namespace

void register_slicing_kernels(Registry& r) {
  r.add("Concat", concat);
  r.add("Slice", slice);
  r.add("Split", split);
  r.add("Pad", pad);
  r.add("CenterCropPad", center_crop_pad);
  r.add("Crop", crop);
}

}  // namespace kasuri::reference
