#include "engine/backend/cpu/row_scatter_kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace kasuri::cpu {
namespace {

/// Extents in front of and behind the axis, and what a row is.
struct Rows {
  int64_t batch = 1, middle = 1, room = 0, length = 0;
  size_t row_bytes = 0;
  int64_t cache_bytes() const { return batch * middle * room * static_cast<int64_t>(row_bytes); }
};

class RowScatterKernel final : public Kernel {
 public:
  RowScatterKernel(const Rows& rows, bool has_places) : rows_(rows), has_places_(has_places) {}

  Status run(const KernelArguments& arguments) const override {
    const std::byte* update = arguments.inputs[1];
    std::byte* out = arguments.outputs[0];
    const auto* places =
        has_places_ ? reinterpret_cast<const int64_t*>(arguments.inputs[2]) : nullptr;
    for (int64_t b = 0; places != nullptr && b < rows_.batch; ++b)
      if (places[b] < 0 || places[b] > rows_.room - rows_.length)
        return Error(fmt::format("{} rows from place {} on do not fit an axis of {}", rows_.length,
                                 places[b], rows_.room));
    if (out != arguments.inputs[0])
      std::memcpy(out, arguments.inputs[0], static_cast<size_t>(rows_.cache_bytes()));
    const size_t piece = static_cast<size_t>(rows_.length) * rows_.row_bytes;
    for (int64_t k = 0; k < rows_.batch * rows_.middle; ++k) {
      const int64_t place = places == nullptr ? 0 : places[k / rows_.middle];
      std::memcpy(out + static_cast<size_t>(k * rows_.room + place) * rows_.row_bytes,
                  update + static_cast<size_t>(k) * piece, piece);
    }
    return ok_status();
  }

  bool may_overwrite(int input, int output) const override { return input == 0 && output == 0; }
  std::string description() const override { return "cpu/rows"; }

 private:
  Rows rows_;
  bool has_places_;
};

bool is_row_major(const OperandLayout& layout) {
  return std::is_sorted(layout.axis_order.begin(), layout.axis_order.end());
}

Result<Rows> match(const KernelRequest& request) {
  const Graph& graph = *request.graph;
  const Node& node = graph.node(request.members.at(0));
  if (node.get_string("mode", "linear") != "linear")
    return Error::unavailable("a cache that starts again from its beginning");
  const ValueType& cache = graph.value(node.inputs[0]).type;
  const ValueType& update = graph.value(node.inputs[1]).type;
  if (!cache.is_static_tensor() || !update.is_static_tensor() || bits_of(cache.dtype) % 8 != 0 ||
      bits_of(cache.dtype) == 0)
    return Error::unavailable("no elements of whole bytes");
  const std::vector<int64_t> from = *extents_of(*update.shape), to = *extents_of(*cache.shape);
  const auto rank = static_cast<int64_t>(to.size());
  int64_t axis = node.get_int("axis", -2);
  if (axis < 0) axis += rank;
  if (axis < 1 || axis >= rank || from.size() != to.size())
    return Error::unavailable("the axis is the batch, or there is none");
  const auto lies_otherwise = [](const OperandLayout& layout) { return !is_row_major(layout); };
  if (std::any_of(request.input_layouts.begin(), request.input_layouts.end(), lies_otherwise) ||
      std::any_of(request.output_layouts.begin(), request.output_layouts.end(), lies_otherwise))
    return Error::unavailable("operands are not row-major");
  Rows rows;
  rows.batch = to[0];
  rows.room = to[static_cast<size_t>(axis)];
  rows.length = from[static_cast<size_t>(axis)];
  rows.row_bytes = static_cast<size_t>(bits_of(cache.dtype)) / 8;
  for (int64_t k = 0; k < rank; ++k) {
    if (k != axis && from[static_cast<size_t>(k)] != to[static_cast<size_t>(k)])
      return Error::unavailable("the rows are not those of the cache");
    if (k > 0 && k < axis) rows.middle *= to[static_cast<size_t>(k)];
    if (k > axis) rows.row_bytes *= static_cast<size_t>(to[static_cast<size_t>(k)]);
  }
  if (rows.length > rows.room) return Error::unavailable("more rows than the cache has room for");
  const bool in_order =
      request.inputs.size() == node.inputs.size() &&
      std::equal(request.inputs.begin(), request.inputs.end(), node.inputs.begin());
  if (!in_order) return Error::unavailable("operands that are the same value");
  return rows;
}

}  // namespace

bool is_row_scatter(const Node& node) { return node.is("TensorScatter"); }

Result<KernelPointer> compile_row_scatter(const KernelRequest& request) {
  KASURI_TRY(const Rows rows, match(request));
  return KernelPointer(std::make_shared<RowScatterKernel>(rows, request.inputs.size() > 2));
}

std::optional<std::string> why_not_row_scatter(const KernelRequest& request) {
  const auto rows = match(request);
  return rows.ok() ? std::nullopt : std::optional(rows.error().text());
}

}  // namespace kasuri::cpu
