#include "passes/layout/view_facts.h"

#include <algorithm>
#include <numeric>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

/// Axes of more than one element, outermost in memory first.
std::vector<int> physical_axes(const Scene& scene, ValueId value,
                               const std::vector<int64_t>& extents) {
  std::vector<int> order(extents.size());
  std::iota(order.begin(), order.end(), 0);
  if (const auto layout = scene.decisions.layout_of(value)) order = *layout;
  std::erase_if(order, [&](int axis) { return extents[axis] == 1; });
  return order;
}

std::vector<int64_t> order_of(const Node& transpose, size_t rank) {
  std::vector<int64_t> perm = transpose.get_ints("perm");
  if (perm.empty())
    for (size_t i = rank; i-- > 0;) perm.push_back(static_cast<int64_t>(i));
  return perm;
}

bool transpose_moves(const Scene& scene, const Node& node) {
  const auto in = *static_extents(scene.graph, node.input(0));
  const auto out = *static_extents(scene.graph, node.output(0));
  const std::vector<int64_t> perm = order_of(node, in.size());
  std::vector<int> read;
  for (int axis : physical_axes(scene, node.output(0), out))
    read.push_back(static_cast<int>(perm[axis]));
  return read != physical_axes(scene, node.input(0), in);
}

/// Do the parts differ from the whole only behind axes of one element?
bool cuts_runs(const Graph& graph, const Node& node) {
  const auto in = *static_extents(graph, node.input(0));
  for (ValueId id : node.outputs) {
    if (!id.valid()) continue;
    const auto out = *static_extents(graph, id);
    size_t first = 0;
    while (first < in.size() && in[first] == out[first]) ++first;
    const bool one_run =
        std::all_of(in.begin(), in.begin() + first, [](int64_t n) { return n == 1; });
    const bool whole_rest =
        first >= in.size() || std::equal(in.begin() + first + 1, in.end(), out.begin() + first + 1);
    if (first < in.size() && (!one_run || !whole_rest)) return true;
  }
  if (!node.is("Slice") || !node.input(4).valid()) return false;
  const auto steps = integers_of(graph, node.input(4));
  return !steps || std::any_of(steps->begin(), steps->end(), [](int64_t s) { return s != 1; });
}

}  // namespace

bool moves_data(const Scene& scene, const Node& view) {
  const Graph& graph = scene.graph;
  if (!static_extents(graph, view.input(0))) return false;
  for (ValueId out : view.outputs)
    if (out.valid() && !static_extents(graph, out)) return false;
  const bool plain =
      !scene.decisions.layout_of(view.input(0)) && !scene.decisions.layout_of(view.output(0));
  if (view.is("Transpose")) return transpose_moves(scene, view) || !plain;
  if (is_any_of(view, {"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity"})) return !plain;
  if (is_any_of(view, {"Slice", "Split"})) return cuts_runs(graph, view) || !plain;
  return true;
}

bool keeps_rows(const Scene& scene, const Node& view) {
  const auto in = static_extents(scene.graph, view.input(0));
  const auto out = static_extents(scene.graph, view.output(0));
  if (!in || !out) return false;
  const std::vector<int> before = physical_axes(scene, view.input(0), *in);
  const std::vector<int> after = physical_axes(scene, view.output(0), *out);
  if (before.empty() || after.empty()) return true;
  if (view.is("Transpose")) return order_of(view, in->size())[after.back()] == before.back();
  const bool plain_in = !scene.decisions.layout_of(view.input(0));
  return is_any_of(view, {"Slice", "Split", "Expand", "Tile"}) || plain_in;
}

}  // namespace kasuri
