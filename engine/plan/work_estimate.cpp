#include "engine/plan/work_estimate.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace kasuri {
namespace {

std::optional<std::vector<int64_t>> known_extents(const Graph& graph, ValueId id) {
  if (!id.valid()) return std::nullopt;
  const auto& shape = graph.value(id).type.shape;
  return shape ? extents_of(*shape) : std::nullopt;
}

int64_t count_of(const Graph& graph, ValueId id) {
  const auto extents = known_extents(graph, id);
  return extents ? element_count(*extents).value_or(0) : 0;
}

/// INT64_MAX where it is more.
int64_t times(int64_t a, int64_t b) {
  int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

/// Multiply-adds per output element.
int64_t terms(const Graph& graph, const Node& node) {
  const auto a = known_extents(graph, node.input(0)), w = known_extents(graph, node.input(1));
  if (!a || !w || a->empty() || w->empty()) return 0;
  if (node.is("MatMul")) return a->back();
  if (node.is("Gemm")) return node.get_int("transA", 0) != 0 ? a->front() : a->back();
  int64_t product = 1;
  for (size_t k = 1; k < w->size(); ++k) product = times(product, (*w)[k]);
  return product;  // Conv: input channels of a group times the window
}

}  // namespace

bool moves_data_only(const Node& node) {
  static constexpr std::array<std::string_view, 18> kMovements = {
      "Reshape", "Transpose", "Squeeze", "Unsqueeze",    "Flatten",      "Identity",
      "Slice",   "Split",     "Concat",  "Expand",       "Tile",         "Pad",
      "Gather",  "GatherND",  "Shape",   "DepthToSpace", "SpaceToDepth", "GatherElements"};
  return node.op.domain.empty() &&
         std::find(kMovements.begin(), kMovements.end(), node.op.name) != kMovements.end();
}

int64_t flops_of(const Graph& graph, const Node& node) {
  if (moves_data_only(node)) return 0;
  if (node.is("MatMul") || node.is("Gemm") || node.is("Conv"))
    return times(2 * count_of(graph, node.output(0)), terms(graph, node));
  if (node.is("ConvTranspose"))
    return times(2 * count_of(graph, node.input(0)), terms(graph, node));
  if (node.is("LSTM") || node.is("GRU") || node.is("RNN")) {
    const auto x = known_extents(graph, node.input(0));
    if (!x || x->size() != 3) return 0;
    const auto r = known_extents(graph, node.input(2));
    const int64_t hidden = r && r->size() == 3 ? (*r)[2] : 0;
    if ((*x)[2] == 0) return 0;
    return 2 * (*x)[0] * (*x)[1] *
           (count_of(graph, node.input(1)) + count_of(graph, node.input(1)) / (*x)[2] * hidden);
  }
  int64_t total = 0;
  for (ValueId out : node.outputs)
    if (out.valid()) total += count_of(graph, out);
  return total;
}

int64_t value_bytes(const Graph& graph, ValueId value) {
  if (!value.valid()) return 0;
  return static_cast<int64_t>(bytes_for(graph.value(value).type.dtype, count_of(graph, value)));
}

}  // namespace kasuri
