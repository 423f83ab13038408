#include <fmt/format.h>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Input ids [batch, sequence]; the longest text and the number of beams are constants or unknown.
void beam_search(Context& c) {
  if (!c.want_input(0)) return;
  const auto positive = [&](size_t i) {
    const auto v = c.integer_at(i);
    return v && *v > 0 ? Dim(*v) : Dim();
  };
  const Dim longest = positive(1);
  const Dim kept = positive(4);
  c.set(0, DataType::kInt32, Shape{c.dim(0, 0), kept, longest});
  c.set(1, DataType::kFloat, Shape{c.dim(0, 0), kept});
  c.set(2, DataType::kFloat, unknown_shape(4));
}

void greedy_search(Context& c) {
  if (!c.want_input(0)) return;
  const auto longest = c.integer_at(1);
  c.set(0, DataType::kInt32, Shape{c.dim(0, 0), longest && *longest > 0 ? Dim(*longest) : Dim()});
}

/// com.microsoft.extensions: encoded bytes on one side, [height, width, 3] on the other.
void decode_image(Context& c) { c.set(0, DataType::kUint8, Shape{Dim(), Dim(), Dim(3)}); }
void encode_image(Context& c) { c.set(0, DataType::kUint8, Shape{Dim()}); }

/// Gradient of a pooling by the pooled tensor's gradient: the input's extents are not given.
void pool_gradient(Context& c) {
  if (!c.want_input(0)) return;
  c.set(0, c.dtype(0), c.shape(0) ? MaybeShape(unknown_shape(c.shape(0)->size())) : std::nullopt);
}

/// [N, H, W, C] convolution, weight [M, kH, kW, C / group]: spatial extents stay unknown.
void nhwc_conv(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  MaybeShape out;
  if (c.want_rank(0, 3)) {
    out = unknown_shape(c.shape(0)->size());
    out->front() = c.dim(0, 0);
    out->back() = c.dim(1, 0);
  }
  c.set(0, c.dtype(0), std::move(out));
}

/// Table [rows, width / packing], indices; a row of the table per index.
void gather_block_quantized(Context& c) {
  if (!c.want_input(0) || !c.want_input(1) || !c.want_input(2)) return;
  if (!c.shape(0) || !c.shape(1)) return c.set(0, c.dtype(2));
  const auto axis = c.axis(c.integer("gather_axis", 0), c.rank(0));
  if (!axis) return;
  Shape out(c.shape(0)->begin(), c.shape(0)->begin() + *axis);
  out.insert(out.end(), c.shape(1)->begin(), c.shape(1)->end());
  out.insert(out.end(), c.shape(0)->begin() + *axis + 1, c.shape(0)->end());
  const bool bytes = c.dtype(0) == DataType::kUint8;
  const int64_t bits = c.integer("bits", 4);
  if (bytes && bits > 0 && bits < 8) out.back() = product(out.back(), Dim(8 / bits));
  c.set(0, c.dtype(2), std::move(out));
}

}  // namespace

void register_contrib_shapes(Registry& r) {
  constexpr std::string_view kExtensions = "com.microsoft.extensions";
  r.add(kMicrosoft, {"BeamSearch"}, beam_search);
  r.add(kMicrosoft, {"GreedySearch"}, greedy_search);
  r.add(kMicrosoft, {"AveragePoolGrad", "MaxPoolGrad"}, pool_gradient);
  r.add(kMicrosoft, {"NhwcConv"}, nhwc_conv);
  r.add(kMicrosoft, {"GatherBlockQuantized"}, gather_block_quantized);
  r.add(kExtensions, {"DecodeImage"}, decode_image);
  r.add(kExtensions, {"EncodeImage"}, encode_image);
}

}  // namespace kasuri::shape_inference
