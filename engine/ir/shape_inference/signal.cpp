#include <fmt/format.h>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// [..., n, ..., 1 or 2] -> the transformed axis takes dft_length (or, one-sided, half of it plus
/// one), the last axis becomes 2; 1 for a one-sided inverse, which is real.
void dft(Context& c) {
  if (!c.want_input(0)) return;
  if (!c.shape(0)) return c.set(0, c.dtype(0));
  Shape out = *c.shape(0);
  const bool attribute = c.opset() < 20;
  std::optional<int64_t> given = attribute ? c.integer("axis", 1) : -2;
  if (!attribute && c.has(2)) given = c.integer_at(2);
  if (!given) return c.set(0, c.dtype(0), unknown_shape(out.size()));
  const auto axis = c.axis(*given, c.rank(0));
  if (!axis) return;
  Dim& d = out[static_cast<size_t>(*axis)];
  const bool half = c.integer("onesided", 0) != 0;
  const bool inverse = c.integer("inverse", 0) != 0;
  if (c.has(1)) {
    const auto length = c.integer_at(1);
    if (length && *length < 0) return c.fail("the length is negative");
    d = length ? Dim(*length) : Dim();
  } else if (half && inverse) {
    d = d.known() && d.value() > 0 ? product(Dim(d.value() - 1), Dim(2)) : Dim();
  }
  if (half && !inverse) d = sum(quotient(d, 2), Dim(1));
  if (half && !d.known()) d = Dim();
  out.back() = half && inverse ? Dim(1) : Dim(2);
  c.set(0, c.dtype(0), std::move(out));
}

/// Signal [batch, length, 1 or 2] -> [batch, frames, bins, 2].
void stft(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const auto step = c.integer_at(1);
  if (step && *step < 1) return c.fail("the frame step is not positive");
  Dim frame = c.dim(0, 1);
  if (c.has(3)) {
    const auto length = c.integer_at(3);
    frame = length && *length > 0 ? Dim(*length) : Dim();
  } else if (c.has(2)) {
    frame = c.dim(2, 0);
  }
  const Dim signal = c.dim(0, 1);
  if (signal.known() && frame.known() && frame.value() > signal.value())
    return c.fail(fmt::format("a frame of {} in a signal of {}", frame.value(), signal.value()));
  const Dim frames = step ? sum(quotient(difference(signal, frame), *step), Dim(1)) : Dim();
  const Dim bins = c.integer("onesided", 1) != 0 ? sum(quotient(frame, 2), Dim(1)) : frame;
  c.set(0, c.dtype(0),
        Shape{c.dim(0, 0), frames.known() ? frames : Dim(), bins.known() ? bins : Dim(), Dim(2)});
}

void mel_weight_matrix(Context& c) {
  for (size_t i = 0; i < 5; ++i)
    if (!c.want_input(i)) return;
  const auto bins = c.integer_at(0);
  const auto length = c.integer_at(1);
  if ((bins && *bins < 0) || (length && *length < 0)) return c.fail("a size is negative");
  c.set(0, c.data_type("output_datatype", DataType::kFloat),
        Shape{length ? Dim(*length / 2 + 1) : Dim(), bins ? Dim(*bins) : Dim()});
}

void window(Context& c) {
  if (!c.want_input(0)) return;
  const auto size = c.integer_at(0);
  if (size && *size < 0) return c.fail("the size is negative");
  c.set(0, c.data_type("output_datatype", DataType::kFloat), Shape{size ? Dim(*size) : Dim()});
}

}  // namespace

void register_signal_shapes(Registry& r) {
  r.add("DFT", dft);
  r.add("STFT", stft);
  r.add("MelWeightMatrix", mel_weight_matrix);
  r.add({"BlackmanWindow", "HammingWindow", "HannWindow"}, window);
}

}  // namespace kasuri::shape_inference
