#include "engine/backend/reference/convolution.h"

#include <algorithm>

#include "engine/backend/reference/contraction.h"
#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/matmul.h"
#include "engine/backend/reference/registry.h"

// Convolutions over any number of spatial axes.
namespace kasuri::reference {
namespace {

Tensor finished(Context& c, const Tensor& y, size_t bias, DataType dtype) {
  if (c.has(bias)) return with_channel_bias(c, y, c.in(bias), dtype);
  return map_elements<double>(c, y, dtype, [](double v) { return v; });
}

void conv(Context& c) { c.set(0, finished(c, convolved(c, c.in(0), c.in(1)), 2, c.in(0).dtype())); }

/// x - zero_point; a vector of zero points belongs to axis `axis`.
Tensor centred(Context& c, size_t value, size_t zero_point, size_t axis) {
  const Tensor& x = c.in(value);
  if (!c.has(zero_point)) return x;
  Tensor zero = c.in(zero_point);
  if (zero.count() > 1) {
    Extents extents(x.extents().size() - axis, 1);
    c.require(zero.count() == x.extents()[axis], "{} zero points for {}", zero.count(),
              text_of(x.extents()));
    extents[0] = zero.count();
    zero = zero.reshaped(extents);
  }
  return zip_elements<double>(c, x, zero, DataType::kDouble,
                              [](double v, double z) { return v - z; });
}

void conv_integer(Context& c) {
  const Tensor y = convolved(c, centred(c, 0, 2, 1), centred(c, 1, 3, 0));
  c.set(0, map_elements<double>(c, y, DataType::kInt32, [](double v) { return v; }));
}

void qlinear_conv(Context& c) {
  Tensor y = convolved(c, centred(c, 0, 2, 1), centred(c, 3, 5, 0));
  if (c.has(8)) y = with_channel_bias(c, y, c.in(8), DataType::kDouble);
  const double x_scale = c.number(1, 1);
  Tensor w_scale = c.in(4);
  if (w_scale.count() > 1) {
    Extents extents(static_cast<size_t>(y.rank() - 1), 1);
    extents[0] = w_scale.count();
    w_scale = w_scale.reshaped(extents);
  } else {
    w_scale = w_scale.reshaped({});
  }
  const Tensor real = zip_elements<double>(c, y, w_scale, DataType::kDouble,
                                           [&](double v, double s) { return v * x_scale * s; });
  c.set(0, requantised(c, real, c.in(6).reshaped({}), c.in(7).reshaped({})));
}

/// Padding of a transposed convolution from output_shape, output_padding or auto_pad.
struct Transposed {
  Window window;
  Extents out;
};

Transposed transposed_window(Context& c, const Extents& kernel, const Extents& spatial) {
  Transposed t{window_of(c, kernel, spatial), {}};
  Window& w = t.window;
  const std::string mode = c.node().get_string("auto_pad", "NOTSET");
  std::vector<int64_t> extra = c.node().get_ints("output_padding");
  if (extra.empty()) extra.assign(spatial.size(), 0);
  std::vector<int64_t> wanted = c.node().get_ints("output_shape");
  c.require(extra.size() == spatial.size() && (wanted.empty() || wanted.size() >= spatial.size()),
            "output_padding or output_shape do not fit {} axes", spatial.size());
  if (wanted.size() > spatial.size())
    wanted.erase(wanted.begin(), wanted.end() - static_cast<int64_t>(spatial.size()));
  const bool same = mode == "SAME_UPPER" || mode == "SAME_LOWER";
  for (size_t d = 0; d < spatial.size(); ++d) {
    const int64_t full = w.strides[d] * (spatial[d] - 1) + extra[d] + w.span(d);
    if (wanted.empty() && !same) {
      t.out.push_back(full - w.before[d] - w.after[d]);
      continue;
    }
    t.out.push_back(wanted.empty() ? spatial[d] * w.strides[d] : wanted[d]);
    const int64_t total = full - t.out[d];
    const int64_t half = (total - (total < 0 ? 1 : 0)) / 2;  // rounded down
    w.before[d] = mode == "SAME_UPPER" ? half : total - half;
    w.after[d] = total - w.before[d];
  }
  for (int64_t e : t.out) c.require(e >= 0, "the output would be {}", text_of(t.out));
  return t;
}

/// Adds columns [filter and kernel point, input position] to where they land in one output image.
void scatter_columns(const Transposed& t, const Extents& spatial, int64_t filters,
                     const std::vector<double>& columns, double* out) {
  const Strides strides = contiguous_strides(t.out);
  const int64_t points = product(t.window.kernel), n = product(spatial), image = product(t.out);
  Extents kernel_at(spatial.size(), 0);
  for (int64_t row = 0; row < filters * points; ++row) {
    Extents at(spatial.size(), 0);
    for (int64_t i = 0; i < n; ++i) {
      int64_t offset = 0;
      bool inside = true;
      for (size_t d = 0; d < at.size(); ++d) {
        const int64_t y =
            at[d] * t.window.strides[d] + kernel_at[d] * t.window.dilations[d] - t.window.before[d];
        inside = inside && y >= 0 && y < t.out[d];
        offset += y * strides[d];
      }
      if (inside) out[row / points * image + offset] += columns[static_cast<size_t>(row * n + i)];
      advance(at, spatial);
    }
    advance(kernel_at, t.window.kernel);
  }
}

void conv_transpose(Context& c) {
  const Tensor &x = c.in(0), &w = c.in(1);
  c.require(x.rank() >= 3 && x.rank() == w.rank(), "input {} with weights {}", text_of(x.extents()),
            text_of(w.extents()));
  const int64_t group = c.node().get_int("group", 1),
                channels = x.extents()[1] / std::max<int64_t>(group, 1);
  c.require(group >= 1 && x.extents()[1] == w.extents()[0] && channels * group == x.extents()[1],
            "input {} with weights {} in {} groups", text_of(x.extents()), text_of(w.extents()),
            group);
  const Extents spatial(x.extents().begin() + 2, x.extents().end());
  const Extents kernel(w.extents().begin() + 2, w.extents().end());
  const Transposed t = transposed_window(c, kernel, spatial);
  const int64_t filters = w.extents()[1], rows = filters * product(kernel), n = product(spatial);
  Extents out = {x.extents()[0], filters * group};
  out.insert(out.end(), t.out.begin(), t.out.end());
  FreshTensor y = c.fresh(DataType::kDouble, out);
  const BlockReader image = matrix_reader(x, 0, n, 1);
  const BlockReader weights = matrix_reader(w, 0, 1, rows);
  for (int64_t g = 0; g < x.extents()[0] * group; ++g) {
    std::vector<double> columns(static_cast<size_t>(rows * n));
    const int64_t first = g % group * channels;
    contract(c,
             {rows, n, channels,
              [&](Span r, Span k, double* to) { weights(r, {k.begin + first, k.end + first}, to); },
              [&](Span k, Span s, double* to) {
                image({k.begin + g * channels, k.end + g * channels}, s, to);
              }},
             columns.data());
    scatter_columns(t, spatial, filters, columns, y.data<double>() + g * filters * product(t.out));
  }
  c.set(0, finished(c, y.tensor, 2, x.dtype()));
}

}  // namespace

void register_convolution_kernels(Registry& r) {
  r.add("Conv", conv);
  r.add("ConvTranspose", conv_transpose);
  r.add("ConvInteger", conv_integer);
  r.add("QLinearConv", qlinear_conv);
}

}  // namespace kasuri::reference
