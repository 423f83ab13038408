#include <algorithm>
#include <cmath>

#include "engine/backend/reference/contraction.h"
#include "engine/backend/reference/convolution.h"
#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/registry.h"

// Images read at computed places.
namespace kasuri::reference {
namespace {

struct Padding {
  std::string mode;  // zeros, border, reflection
  bool corners = false;

  double reflected(double x, int64_t extent) const {
    const double low = corners ? 0 : -0.5, high = static_cast<double>(extent) - (corners ? 1 : 0.5);
    const double range = high - low;
    if (range <= 0) return 0;
    double distance = x < low ? low - x : x > high ? x - high : 0;
    if (distance == 0) return x;
    const double turns = std::floor(distance / range), rest = distance - turns * range;
    const bool even = std::fmod(turns, 2) == 0;
    return (x < low) == even ? low + rest : high - rest;
  }
  /// The pixel an index means; -1: zero.
  int64_t pixel(int64_t i, int64_t extent) const {
    if (mode == "zeros") return i >= 0 && i < extent ? i : -1;
    if (mode == "border") return std::clamp<int64_t>(i, 0, extent - 1);
    return std::clamp<int64_t>(static_cast<int64_t>(reflected(static_cast<double>(i), extent)), 0,
                               extent - 1);
  }
  /// Where a normalised coordinate lies, brought inside where the mode does so.
  double place(double n, int64_t extent, bool nearest) const {
    const auto d = static_cast<double>(extent);
    double x = corners ? (n + 1) / 2 * (d - 1) : ((n + 1) * d - 1) / 2;
    x = std::isfinite(x) ? std::clamp(x, -1e12, 1e12) : -1e12;
    if (nearest) x = std::nearbyint(x);
    const double low = corners ? 0 : -0.5, high = d - (corners ? 1 : 0.5);
    if (x >= low && x <= high) return x;
    if (mode == "border") return std::clamp(x, 0.0, d - 1);
    return mode == "reflection" ? reflected(x, extent) : x;
  }
};

struct Tap {
  int64_t index;
  double weight;
};

double cubic(double x) {
  constexpr double a = -0.75;
  x = std::fabs(x);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

std::vector<Tap> taps_at(double n, int64_t extent, const std::string& mode,
                         const Padding& padding) {
  const double x = padding.place(n, extent, mode == "nearest");
  const auto base = static_cast<int64_t>(std::floor(x));
  if (mode == "nearest")
    return {{padding.pixel(static_cast<int64_t>(std::nearbyint(x)), extent), 1}};
  std::vector<Tap> taps;
  const bool wide = mode.ends_with("cubic");
  for (int64_t i = wide ? base - 1 : base; i <= (wide ? base + 2 : base + 1); ++i) {
    const double distance = static_cast<double>(i) - x;
    taps.push_back({padding.pixel(i, extent), wide ? cubic(distance) : 1 - std::fabs(distance)});
  }
  return taps;
}

double interpolated(const double* image, const Extents& spatial,
                    const std::vector<std::vector<Tap>>& taps) {
  const Strides strides = contiguous_strides(spatial);
  Extents counts, at(taps.size(), 0);
  for (const auto& t : taps) counts.push_back(static_cast<int64_t>(t.size()));
  double sum = 0;
  do {
    double weight = 1;
    int64_t offset = 0;
    for (size_t d = 0; d < taps.size(); ++d) {
      const Tap& tap = taps[d][static_cast<size_t>(at[d])];
      if (tap.index < 0) weight = 0;
      weight *= tap.weight;
      offset += tap.index * strides[d];
    }
    if (weight != 0) sum += weight * image[offset];
  } while (advance(at, counts));
  return sum;
}

void grid_sample(Context& c) {
  const Tensor &x = c.in(0), &grid = c.in(1);
  const size_t dims = x.extents().size() - std::min<size_t>(2, x.extents().size());
  c.require(dims >= 1 && grid.rank() == x.rank() &&
                grid.extents().back() == static_cast<int64_t>(dims) &&
                grid.extents()[0] == x.extents()[0],
            "grid {} for {}", text_of(grid.extents()), text_of(x.extents()));
  const Padding padding{c.node().get_string("padding_mode", "zeros"),
                        c.node().get_int("align_corners", 0) != 0};
  const std::string mode = c.node().get_string("mode", "linear");
  const Extents spatial(x.extents().begin() + 2, x.extents().end());
  for (int64_t e : spatial) c.require(e > 0, "an empty image");
  Extents out = {x.extents()[0], x.extents()[1]};
  out.insert(out.end(), grid.extents().begin() + 1, grid.extents().end() - 1);
  const int64_t points = product(out, 2), image = product(spatial), channels = x.extents()[1];
  const std::vector<double> values = elements<double>(x), places = elements<double>(grid);
  std::vector<double> result(static_cast<size_t>(c.scratch_count(out)));
  for (int64_t n = 0; n < x.extents()[0]; ++n) {
    c.poll();
    for (int64_t p = 0; p < points; ++p) {
      const double* place = places.data() + (n * points + p) * static_cast<int64_t>(dims);
      std::vector<std::vector<Tap>> taps;
      for (size_t d = 0; d < dims; ++d)
        taps.push_back(taps_at(place[dims - 1 - d], spatial[d], mode, padding));
      for (int64_t ch = 0; ch < channels; ++ch)
        result[static_cast<size_t>((n * channels + ch) * points + p)] =
            interpolated(values.data() + (n * channels + ch) * image, spatial, taps);
    }
  }
  c.set(0, c.pack(x.dtype(), out, result));
}

void affine_grid(Context& c) {
  const Tensor& theta = c.in(0);
  const std::vector<int64_t> size = c.ints(1);
  c.require(theta.rank() == 3 && size.size() >= 4 && size.size() <= 5, "theta {} for size {}",
            text_of(theta.extents()), text_of(size));
  const Extents spatial(size.begin() + 2, size.end());
  const auto dims = static_cast<int64_t>(spatial.size());
  c.require(theta.extents() == Extents({size[0], dims, dims + 1}), "theta {} for size {}",
            text_of(theta.extents()), text_of(size));
  const bool corners = c.node().get_int("align_corners", 0) != 0;
  Extents out = {size[0]};
  out.insert(out.end(), spatial.begin(), spatial.end());
  out.push_back(dims);
  (void)c.scratch_count(out);
  const std::vector<double> t = elements<double>(theta);
  std::vector<double> result;
  for (int64_t n = 0; n < size[0] && product(spatial) > 0; ++n) {
    Extents at(spatial.size(), 0);
    do {
      for (int64_t row = 0; row < dims; ++row) {
        const double* coefficients = t.data() + (n * dims + row) * (dims + 1);
        double sum = coefficients[dims];
        for (int64_t d = 0; d < dims; ++d) {  // x first: the last axis
          const auto axis = static_cast<size_t>(dims - 1 - d);
          const auto i = static_cast<double>(at[axis]), extent = static_cast<double>(spatial[axis]);
          sum +=
              coefficients[d] * (corners ? -1 + 2 * i / (extent - 1) : -1 + (2 * i + 1) / extent);
        }
        result.push_back(sum);
      }
    } while (advance(at, spatial));
  }
  c.set(0, c.pack(theta.dtype(), out, result));
}

/// A pixel between pixels; zero outside.
double bilinear(const double* image, int64_t height, int64_t width, double y, double x) {
  if (y <= -1 || x <= -1 || y >= static_cast<double>(height) || x >= static_cast<double>(width))
    return 0;
  const auto y0 = static_cast<int64_t>(std::floor(y)), x0 = static_cast<int64_t>(std::floor(x));
  double sum = 0;
  for (int64_t yy = y0; yy <= y0 + 1; ++yy)
    for (int64_t xx = x0; xx <= x0 + 1; ++xx)
      if (yy >= 0 && yy < height && xx >= 0 && xx < width)
        sum += (1 - std::fabs(y - static_cast<double>(yy))) *
               (1 - std::fabs(x - static_cast<double>(xx))) * image[yy * width + xx];
  return sum;
}

void deform_conv(Context& c) {
  const Tensor &x = c.in(0), &w = c.in(1), &offset = c.in(2);
  c.require(x.rank() == 4 && w.rank() == 4 && offset.rank() == 4,
            "needs images, weights and offsets of rank 4");
  const int64_t group = c.node().get_int("group", 1),
                offset_group = c.node().get_int("offset_group", 1);
  const int64_t batch = x.extents()[0], channels = x.extents()[1], height = x.extents()[2],
                width = x.extents()[3];
  const int64_t filters = w.extents()[0], kh = w.extents()[2], kw = w.extents()[3];
  const Window window = window_of(c, {kh, kw}, {height, width});
  const Extents out_spatial = positions(c, window, {height, width});
  const int64_t oh = out_spatial[0], ow = out_spatial[1];
  c.require(group > 0 && offset_group > 0 && channels % offset_group == 0 && filters % group == 0 &&
                w.extents()[1] * group == channels &&
                offset.extents() == Extents({batch, offset_group * 2 * kh * kw, oh, ow}),
            "offsets {} do not fit", text_of(offset.extents()));
  c.require(!c.has(4) || c.in(4).extents() == Extents({batch, offset_group * kh * kw, oh, ow}),
            "the mask does not fit");
  const std::vector<double> image = elements<double>(x), weight = elements<double>(w),
                            shift = elements<double>(offset);
  const std::vector<double> mask = c.has(4) ? elements<double>(c.in(4)) : std::vector<double>();
  const std::vector<double> bias =
      c.has(3) ? elements<double>(c.in(3)) : std::vector<double>(static_cast<size_t>(filters), 0);
  c.require(static_cast<int64_t>(bias.size()) == filters, "{} biases for {} filters", bias.size(),
            filters);
  const int64_t per_group = channels / group, points = kh * kw, places = oh * ow;
  std::vector<double> columns(static_cast<size_t>(c.scratch_count({channels, kh, kw, oh, ow}))),
      out(static_cast<size_t>(c.scratch_count({batch, filters, oh, ow})));
  for (int64_t n = 0; n < batch; ++n) {
    c.poll();
    for (int64_t row = 0; row < channels * points; ++row)
      for (int64_t p = 0; p < places; ++p) {
        const int64_t ch = row / points, k = row % points, og = ch / (channels / offset_group);
        const double* at =
            shift.data() + ((n * offset_group + og) * 2 * points + 2 * k) * places + p;
        const double y = static_cast<double>(p / ow * window.strides[0] +
                                             k / kw * window.dilations[0] - window.before[0]) +
                         at[0];
        const double xx = static_cast<double>(p % ow * window.strides[1] +
                                              k % kw * window.dilations[1] - window.before[1]) +
                          at[places];
        double v =
            bilinear(image.data() + (n * channels + ch) * height * width, height, width, y, xx);
        if (!mask.empty())
          v *= mask[static_cast<size_t>(((n * offset_group + og) * points + k) * places + p)];
        columns[static_cast<size_t>(row * places + p)] = v;
      }
    for (int64_t f = 0; f < filters; ++f)
      for (int64_t p = 0; p < places; ++p) {
        double sum = 0;
        const int64_t first = f / (filters / group) * per_group * points;
        for (int64_t r = 0; r < per_group * points; ++r)
          sum += weight[static_cast<size_t>(f * per_group * points + r)] *
                 columns[static_cast<size_t>((first + r) * places + p)];
        out[static_cast<size_t>((n * filters + f) * places + p)] =
            sum + bias[static_cast<size_t>(f)];
      }
  }
  c.set(0, c.pack(x.dtype(), {batch, filters, oh, ow}, out));
}

void col2im(Context& c) {
  const Tensor& x = c.in(0);
  const Extents spatial = c.ints(1), block = c.ints(2);
  const Window window = window_of(c, block, spatial);
  const Extents steps = positions(c, window, spatial);
  const int64_t points = product(block), places = product(steps);
  c.require(x.rank() == 3 && x.extents()[1] % points == 0 && x.extents()[2] == places,
            "columns {} for image {} in blocks {}", text_of(x.extents()), text_of(spatial),
            text_of(block));
  const int64_t channels = x.extents()[1] / points;
  Extents out = {x.extents()[0], channels};
  out.insert(out.end(), spatial.begin(), spatial.end());
  const std::vector<double> in = elements<double>(x);
  std::vector<double> result(static_cast<size_t>(c.scratch_count(out)), 0);
  const Strides strides = contiguous_strides(spatial);
  size_t from = 0;
  for (int64_t image = 0; image < x.extents()[0] * channels; ++image) {
    Extents k(block.size(), 0);
    do {
      Extents at(steps.size(), 0);
      do {
        int64_t offset = image * product(spatial);
        bool inside = true;
        for (size_t d = 0; d < at.size(); ++d) {
          const int64_t i =
              at[d] * window.strides[d] + k[d] * window.dilations[d] - window.before[d];
          inside = inside && i >= 0 && i < spatial[d];
          offset += i * strides[d];
        }
        if (inside) result[static_cast<size_t>(offset)] += in[from];
        ++from;
      } while (advance(at, steps));
    } while (advance(k, block));
  }
  c.set(0, c.pack(x.dtype(), out, result));
}

}  // namespace

void register_sampling_kernels(Registry& r) {
  r.add("GridSample", grid_sample);
  r.add("AffineGrid", affine_grid);
  r.add("DeformConv", deform_conv);
  r.add("Col2Im", col2im);
}

}  // namespace kasuri::reference
