#include <fmt/format.h>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Concatenation of the inputs `first`, `first + step`, ...; only the rank where one is unknown.
MaybeShape joined(Context& c, int64_t axis_given, size_t first, size_t step) {
  MaybeShape out;
  std::optional<int> axis;
  for (size_t i = first; i < c.inputs(); i += step) {
    if (!c.want_input(i)) return std::nullopt;
    if (!c.shape(i)) return std::nullopt;
    const Shape& next = *c.shape(i);
    if (!out) {
      axis = c.axis(axis_given, c.rank(i));
      if (!axis) return std::nullopt;
      out = next;
      continue;
    }
    if (next.size() != out->size()) {
      c.fail(fmt::format("inputs of rank {} and {} do not join", out->size(), next.size()));
      return std::nullopt;
    }
    for (size_t d = 0; d < next.size(); ++d) {
      Dim& to = (*out)[d];
      to = d == static_cast<size_t>(*axis)
               ? sum(to, next[d])
               : c.match(to, next[d], "an extent beside the axis differs");
    }
  }
  return out;
}

void concat(Context& c) {
  if (c.inputs() == 0) return c.fail("there is nothing to join");
  if (c.opset() >= 4 && !c.has_attribute("axis")) return c.fail("attribute 'axis' is missing");
  DataType dtype = DataType::kUndefined;
  for (size_t i = 0; i < c.inputs(); ++i) {
    if (dtype == DataType::kUndefined) dtype = c.dtype(i);
    if (c.dtype(i) != DataType::kUndefined && c.dtype(i) != dtype)
      return c.fail("the inputs have different element types");
  }
  c.set(0, dtype, joined(c, c.integer("axis", 1), 0, 1));
}

/// com.microsoft::ConcatTraining: also gives each input's extent along the axis.
void concat_training(Context& c) {
  concat(c);
  c.set(1, DataType::kInt64, Shape{Dim(static_cast<int64_t>(c.inputs()))});
}

/// Inputs: output scale and zero point, then (tensor, scale, zero point) triples.
void qlinear_concat(Context& c) {
  if (c.inputs() < 5 || (c.inputs() - 2) % 3 != 0) return c.fail("inputs must come in triples");
  c.set(0, c.dtype(2), joined(c, c.integer("axis", 0), 2, 3));
}

std::vector<Dim> pieces_of(Context& c, const Dim& total, const ListArgument& sizes) {
  const auto parts = static_cast<int64_t>(c.outputs());
  std::vector<Dim> out(c.outputs());
  if (sizes.present) {
    if (!sizes.values || !c.want_count(*sizes.values, c.outputs(), "split")) return out;
    int64_t covered = 0;
    for (size_t i = 0; i < out.size(); ++i) {
      if ((*sizes.values)[i] < 0) c.fail("a piece has a negative extent");
      out[i] = Dim((*sizes.values)[i]);
      if (__builtin_add_overflow(covered, (*sizes.values)[i], &covered)) c.fail("pieces too large");
    }
    if (total.known() && covered != total.value())
      c.fail(fmt::format("the pieces cover {} of {} entries", covered, total.value()));
    return out;
  }
  if (!total.known() || parts == 0) return out;
  if (c.opset() < 18 && total.value() % parts != 0)
    c.fail(fmt::format("{} entries do not split into {} equal pieces", total.value(), parts));
  const int64_t piece = (total.value() + parts - 1) / parts;
  for (int64_t i = 0; i < parts; ++i)
    out[static_cast<size_t>(i)] =
        Dim(std::max<int64_t>(0, std::min(piece, total.value() - i * piece)));
  return out;
}

void split(Context& c) {
  if (!c.want_input(0)) return;
  const ListArgument sizes = c.list_argument("split", 1);
  const int64_t parts = c.integer("num_outputs", static_cast<int64_t>(c.outputs()));
  if (parts != static_cast<int64_t>(c.outputs()))
    return c.fail(fmt::format("num_outputs is {} but there are {} outputs", parts, c.outputs()));
  for (size_t i = 0; i < c.outputs(); ++i) c.set(i, c.dtype(0));
  if (!c.shape(0)) return;
  const auto axis = c.axis(c.integer("axis", 0), c.rank(0));
  if (!axis) return;
  const std::vector<Dim> pieces = pieces_of(c, c.dim(0, *axis), sizes);
  for (size_t i = 0; i < c.outputs(); ++i) {
    Shape out = *c.shape(0);
    out[static_cast<size_t>(*axis)] = pieces[i];
    c.set(i, c.dtype(0), std::move(out));
  }
}

void tile(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (!c.shape(0)) return c.set(0, c.dtype(0));
  Shape out = *c.shape(0);
  if (c.opset() < 6) {
    const auto tiles = c.integer_at(1);
    const auto axis = c.integer_at(2);
    if (!tiles || !axis) return c.set(0, c.dtype(0), unknown_shape(out.size()));
    const auto at = c.axis(*axis, c.rank(0));
    if (!at) return;
    out[static_cast<size_t>(*at)] = product(out[static_cast<size_t>(*at)], Dim(*tiles));
    return c.set(0, c.dtype(0), std::move(out));
  }
  const auto repeats = c.ints(1);
  if (!repeats) return c.set(0, c.dtype(0), unknown_shape(out.size()));
  if (!c.want_count(*repeats, out.size(), "repeats")) return;
  for (size_t i = 0; i < out.size(); ++i) {
    if ((*repeats)[i] < 0) return c.fail("a repeat is negative");
    out[i] = product(out[i], Dim((*repeats)[i]));
  }
  c.set(0, c.dtype(0), std::move(out));
}

}  // namespace

void register_joining_shapes(Registry& r) {
  r.add("Concat", concat);
  r.add("Split", split);
  r.add("Tile", tile);
  r.add(kMicrosoft, {"ConcatTraining"}, concat_training);
  r.add(kMicrosoft, {"QLinearConcat"}, qlinear_concat);
}

}  // namespace kasuri::shape_inference
