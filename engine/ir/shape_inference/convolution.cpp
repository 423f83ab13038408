#include <fmt/format.h>

#include <algorithm>

#include "engine/ir/shape_inference/registry.h"
#include "engine/ir/shape_inference/window.h"

namespace kasuri::shape_inference {
namespace {

/// Strides and the like must stay small enough for products of two to fit.
constexpr int64_t kLargest = int64_t{1} << 31;

bool in_range(Context& c, const Integers& list, int64_t low, const char* what) {
  for (int64_t v : list) {
    if (v >= low && v < kLargest) continue;
    c.fail(fmt::format("{} holds {}", what, v));
    return false;
  }
  return true;
}

void conv(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  c.set(0, c.dtype(0), convolved(c, 0, 1));
}

void conv_integer(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  c.set(0, DataType::kInt32, convolved(c, 0, 1));
}

void qlinear_conv(Context& c) {
  if (!c.want_input(0) || !c.want_input(3)) return;
  c.set(0, c.dtype(7) == DataType::kUndefined ? c.dtype(0) : c.dtype(7), convolved(c, 0, 3));
}

void deform_conv(Context& c) {
  if (!c.want_input(0) || !c.want_input(1) || !c.want_input(2)) return;
  c.set(0, c.dtype(0), convolved(c, 0, 1));
}

std::optional<Integers> kernel_of(Context& c, size_t x, size_t w) {
  const auto given = c.list("kernel_shape");
  if (given) return given;
  if (!c.shape(w)) return std::nullopt;
  Integers kernel;
  for (int i = 2; i < c.rank(w); ++i) {
    if (!c.dim(w, i).known()) return std::nullopt;
    kernel.push_back(c.dim(w, i).value());
  }
  if (c.rank(x) >= 0 && c.rank(x) != c.rank(w))
    c.fail(fmt::format("input {} and weight {} differ in rank", text_of(*c.shape(x)),
                       text_of(*c.shape(w))));
  return kernel;
}

Dim transposed_extent(Context& c, const Window& w, size_t i, const Dim& in, const Integers& extra) {
  if (!in.known() || in.value() >= kLargest) return {};
  const size_t n = w.kernel.size();
  const int64_t reach = (w.kernel[i] - 1) * w.dilations[i] + 1;
  if (w.auto_pad == "SAME_UPPER" || w.auto_pad == "SAME_LOWER")
    return Dim(in.value() * w.strides[i]);
  const int64_t pads = w.auto_pad == "VALID" ? 0 : w.pads[i] + w.pads[i + n];
  const int64_t out = w.strides[i] * (in.value() - 1) + extra[i] + reach - pads;
  if (out < 0) c.fail(fmt::format("the output has extent {}", out));
  return Dim(std::max<int64_t>(out, 0));
}

void conv_transpose(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const auto kernel = kernel_of(c, 0, 1);
  const int64_t group = c.integer("group", 1);
  if (group < 1) return c.fail("attribute 'group' is not positive");
  if (!c.shape(0) || !c.shape(1) || !kernel) return c.set(0, c.dtype(0));
  if (!c.want_rank(0, 2) || !c.want_count(*kernel, c.shape(0)->size() - 2, "kernel_shape")) return;
  const auto w = read_window(c, *kernel);
  if (!w) return;
  c.match(c.dim(0, 1), c.dim(1, 0), "the channels of input and weight differ");
  const size_t n = kernel->size();
  const Integers extra = c.list("output_padding").value_or(Integers(n, 0));
  const auto fixed = c.list("output_shape");
  if (!c.want_count(extra, n, "output_padding") || !in_range(c, extra, 0, "output_padding")) return;
  Shape out{c.dim(0, 0), product(c.dim(1, 1), Dim(group))};
  if (fixed && fixed->size() != n && fixed->size() != n + 2)
    return c.fail("output_shape has the wrong length");
  for (size_t i = 0; i < n; ++i) {
    const Dim& in = (*c.shape(0))[i + 2];
    out.push_back(fixed ? Dim((*fixed)[fixed->size() - n + i])
                        : transposed_extent(c, *w, i, in, extra));
  }
  c.set(0, c.dtype(0), std::move(out));
}

/// image_shape and block_shape are inputs; [N, C * block, L] -> [N, C, image...].
void col2im(Context& c) {
  if (!c.want_input(0) || !c.want_input(1) || !c.want_input(2)) return;
  const auto image = c.ints(1);
  const auto block = c.ints(2);
  if (!image) return c.set(0, c.dtype(0));
  Dim channels;
  if (block) {
    int64_t size = 1;
    for (int64_t b : *block)
      if (b < 1 || __builtin_mul_overflow(size, b, &size))
        return c.fail("a block extent is not positive");
    channels = quotient(c.dim(0, 1), size);
  }
  Shape out{c.dim(0, 0), channels};
  for (int64_t e : *image) out.push_back(e < 0 ? Dim() : Dim(e));
  c.set(0, c.dtype(0), std::move(out));
}

/// Output like the input; carried state [batch, channels, k - 1].
void causal_conv_with_state(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  c.same(0, 0);
  c.set(1, c.dtype(0), Shape{c.dim(0, 0), c.dim(0, 1), difference(c.dim(1, 2), Dim(1))});
}

}  // namespace

std::optional<Window> read_window(Context& c, const Integers& kernel) {
  const size_t n = kernel.size();
  Window w{kernel,
           c.list("strides").value_or(Integers(n, 1)),
           c.list("dilations").value_or(Integers(n, 1)),
           c.list("pads").value_or(Integers(2 * n, 0)),
           c.text("auto_pad", "NOTSET"),
           c.integer("ceil_mode", 0) != 0};
  const bool lengths = c.want_count(w.strides, n, "strides") &&
                       c.want_count(w.dilations, n, "dilations") &&
                       c.want_count(w.pads, 2 * n, "pads");
  if (!lengths) return std::nullopt;
  if (!in_range(c, w.kernel, 1, "kernel_shape") || !in_range(c, w.strides, 1, "strides") ||
      !in_range(c, w.dilations, 1, "dilations") || !in_range(c, w.pads, -kLargest, "pads"))
    return std::nullopt;
  return w;
}

Dim windowed(Context& c, const Window& w, size_t i, const Dim& extent) {
  if (!extent.known()) return {};
  const int64_t in = extent.value();
  const int64_t stride = w.strides[i];
  if (w.auto_pad == "SAME_UPPER" || w.auto_pad == "SAME_LOWER")
    return Dim((in + stride - 1) / stride);
  const int64_t begin = w.auto_pad == "VALID" ? 0 : w.pads[i];
  const int64_t end = w.auto_pad == "VALID" ? 0 : w.pads[i + w.kernel.size()];
  const int64_t room = in + begin + end - ((w.kernel[i] - 1) * w.dilations[i] + 1);
  if (room < 0) {
    c.fail(fmt::format("the window does not fit the extent {} of spatial axis {}", in, i));
    return {};
  }
  int64_t out = room / stride + 1;
  // With ceil_mode a last window is added unless it would start in the padding at the end.
  if (w.ceil_mode && room % stride != 0 && out * stride < in + begin) ++out;
  return Dim(out);
}

std::optional<Shape> windowed_shape(Context& c, const Window& w, const Shape& in,
                                    const Dim& channels) {
  Shape out{in[0], channels};
  for (size_t i = 0; i < w.kernel.size(); ++i) out.push_back(windowed(c, w, i, in[i + 2]));
  return out;
}

std::optional<Shape> convolved(Context& c, size_t x, size_t w) {
  const int64_t group = c.integer("group", 1);
  if (group < 1) return c.fail("attribute 'group' is not positive"), std::nullopt;
  const auto kernel = kernel_of(c, x, w);
  if (!c.shape(x)) {
    if (!c.shape(w)) return std::nullopt;
    Shape out = unknown_shape(c.shape(w)->size());
    if (out.size() > 1) out[1] = c.dim(w, 0);
    return out;
  }
  if (!c.want_rank(x, 2)) return std::nullopt;
  Shape unknown = unknown_shape(c.shape(x)->size());
  unknown[0] = c.dim(x, 0);
  unknown[1] = c.dim(w, 0);
  if (!kernel) return unknown;
  if (!c.want_count(*kernel, c.shape(x)->size() - 2, "kernel_shape")) return std::nullopt;
  for (int i = 0; c.rank(w) == c.rank(x) && i < static_cast<int>(kernel->size()); ++i)
    c.match(c.dim(w, i + 2), Dim((*kernel)[static_cast<size_t>(i)]),
            "the weight's extents differ from kernel_shape");
  c.match(c.dim(x, 1), product(c.dim(w, 1), Dim(group)),
          "the input's channels differ from the weight's times the groups");
  const auto window = read_window(c, *kernel);
  return window ? windowed_shape(c, *window, *c.shape(x), c.dim(w, 0)) : std::nullopt;
}

void register_convolution_shapes(Registry& r) {
  r.add("Conv", conv);
  r.add("ConvInteger", conv_integer);
  r.add("QLinearConv", qlinear_conv);
  r.add("DeformConv", deform_conv);
  r.add("ConvTranspose", conv_transpose);
  r.add("Col2Im", col2im);
  r.add("CausalConvWithState", causal_conv_with_state);
  r.add(kMicrosoft, {"FusedConv"}, conv);
  r.add(kMicrosoft, {"ConvTransposeWithDynamicPads"}, [](Context& c) { c.set(0, c.dtype(0)); });
}

}  // namespace kasuri::shape_inference
