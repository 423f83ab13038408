#include "engine/plan/contiguous_view.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

using Pieces = std::optional<std::vector<CopyPiece>>;

std::vector<int64_t> extents(const Graph& graph, ValueId id) {
  return *extents_of(*graph.value(id).type.shape);
}

bool is_plain(const Graph& graph, ValueId id) {
  const ValueType& type = graph.value(id).type;
  return type.is_static_tensor() && bits_of(type.dtype) >= 8;
}

bool outer_axes_are_one(const std::vector<int64_t>& extents, int64_t axis) {
  return std::all_of(extents.begin(), extents.begin() + axis, [](int64_t e) { return e == 1; });
}

Pieces whole(const Graph& graph, const Node& node) {
  const int64_t bytes = bytes_of(graph, node.input(0));
  if (bytes != bytes_of(graph, node.output(0))) return std::nullopt;
  return std::vector<CopyPiece>{{.bytes = bytes}};
}

/// Input axis by output axis; empty if the attribute does not fit.
std::vector<int64_t> permutation_of(const Node& node, size_t rank) {
  std::vector<int64_t> order = node.get_ints("perm");
  if (order.empty())
    for (size_t k = rank; k-- > 0;) order.push_back(static_cast<int64_t>(k));
  const auto fits = [&](int64_t axis) { return axis >= 0 && axis < static_cast<int64_t>(rank); };
  if (order.size() != rank || !std::all_of(order.begin(), order.end(), fits)) return {};
  return order;
}

/// Axes with more than one element, outermost first, of data in this physical order.
std::vector<int64_t> long_axes(const std::vector<int64_t>& extents, const std::vector<int>& order) {
  std::vector<int64_t> axes;
  for (size_t k = 0; k < extents.size(); ++k) {
    const int64_t axis = order.empty() ? static_cast<int64_t>(k) : order[k];
    if (extents[static_cast<size_t>(axis)] != 1) axes.push_back(axis);
  }
  return axes;
}

Pieces concat(const Graph& graph, const Node& node) {
  const auto out = extents(graph, node.output(0));
  const int64_t rank = static_cast<int64_t>(out.size());
  int64_t axis = node.get_int("axis", 0);
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= rank || !outer_axes_are_one(out, axis)) return std::nullopt;
  std::vector<CopyPiece> pieces;
  int64_t at = 0;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const int64_t bytes = bytes_of(graph, node.inputs[i]);
    pieces.push_back({.input = static_cast<int>(i), .to = at, .bytes = bytes});
    at += bytes;
  }
  if (at != bytes_of(graph, node.output(0))) return std::nullopt;
  return pieces;
}

Pieces split(const Graph& graph, const Node& node) {
  const auto in = extents(graph, node.input(0));
  const int64_t rank = static_cast<int64_t>(in.size());
  int64_t axis = node.get_int("axis", 0);
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= rank || !outer_axes_are_one(in, axis)) return std::nullopt;
  std::vector<CopyPiece> pieces;
  int64_t at = 0;
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (!node.outputs[i].valid()) return std::nullopt;
    const int64_t bytes = bytes_of(graph, node.outputs[i]);
    pieces.push_back({.output = static_cast<int>(i), .from = at, .bytes = bytes});
    at += bytes;
  }
  if (at != bytes_of(graph, node.input(0))) return std::nullopt;
  return pieces;
}

/// Slice with constant bounds that cuts one axis, step 1, with only extents of 1 outside it.
Pieces slice(const Graph& graph, const Node& node) {
  const auto in = extents(graph, node.input(0)), out = extents(graph, node.output(0));
  const bool as_inputs = node.inputs.size() > 1;
  const auto argument = [&](size_t i, const char* name) {
    return as_inputs ? integers_of(graph, node.input(i))
                     : (node.has(name) ? std::optional(node.get_ints(name)) : std::nullopt);
  };
  const auto starts = argument(1, "starts");
  auto axes = argument(3, "axes");
  if (!starts || in.size() != out.size()) return std::nullopt;
  const auto steps = argument(4, "steps");
  if (as_inputs && ((node.input(3).valid() && !axes) || (node.input(4).valid() && !steps)))
    return std::nullopt;
  if (steps && std::any_of(steps->begin(), steps->end(), [](int64_t s) { return s != 1; }))
    return std::nullopt;
  int64_t from = 0;
  const std::vector<int64_t> strides = contiguous_strides(in);
  for (size_t k = 0; k < starts->size(); ++k) {
    int64_t axis = axes ? axes->at(k) : static_cast<int64_t>(k);
    if (axis < 0) axis += static_cast<int64_t>(in.size());
    if (axis < 0 || axis >= static_cast<int64_t>(in.size())) return std::nullopt;
    if (out[axis] == in[axis]) continue;
    if (!outer_axes_are_one(out, axis)) return std::nullopt;
    int64_t start = (*starts)[k];
    if (start < 0) start += in[axis];
    from += std::clamp<int64_t>(start, 0, in[axis]) * strides[axis];
  }
  // Behind the last cut axis nothing may be cut; in front of it only extents of 1 are left.
  size_t cut = in.size();
  for (size_t k = in.size(); k-- > 0 && cut == in.size();)
    if (in[k] != out[k]) cut = k;
  if (cut < in.size() && !outer_axes_are_one(out, static_cast<int64_t>(cut))) return std::nullopt;
  const int64_t size = bits_of(graph.value(node.input(0)).type.dtype) / 8;
  return std::vector<CopyPiece>{{.from = from * size, .bytes = bytes_of(graph, node.output(0))}};
}

}  // namespace

std::optional<std::vector<CopyPiece>> transposed_pieces(const Graph& graph, const Node& node,
                                                        const std::vector<int>& from,
                                                        const std::vector<int>& to) {
  if (!is_plain(graph, node.input(0)) || !is_plain(graph, node.output(0))) return std::nullopt;
  const auto in = extents(graph, node.input(0)), out = extents(graph, node.output(0));
  const std::vector<int64_t> permutation = permutation_of(node, in.size());
  if (permutation.size() != out.size()) return std::nullopt;
  std::vector<int64_t> lies = long_axes(out, to);
  for (int64_t& axis : lies) axis = permutation[static_cast<size_t>(axis)];
  if (lies != long_axes(in, from)) return std::nullopt;
  return whole(graph, node);
}

std::optional<std::vector<CopyPiece>> contiguous_pieces(const Graph& graph, const Node& node) {
  if (!node.op.domain.empty() || !node.input(0).valid() || !node.output(0).valid())
    return std::nullopt;
  for (ValueId id : node.outputs)
    if (id.valid() && !is_plain(graph, id)) return std::nullopt;
  const bool joins = node.is("Concat");
  for (size_t i = 0; i < (joins ? node.inputs.size() : 1); ++i)
    if (!node.inputs[i].valid() || !is_plain(graph, node.inputs[i])) return std::nullopt;
  if (joins) return concat(graph, node);
  if (node.is("Split")) return split(graph, node);
  if (node.outputs.size() != 1) return std::nullopt;
  if (node.is("Reshape") || node.is("Squeeze") || node.is("Unsqueeze") || node.is("Flatten") ||
      node.is("Identity"))
    return whole(graph, node);
  if (node.is("Transpose")) return transposed_pieces(graph, node, {}, {});
  if (node.is("Slice")) return slice(graph, node);
  return std::nullopt;
}

}  // namespace kasuri
