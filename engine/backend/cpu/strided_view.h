#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/backend/backend.h"

namespace kasuri::cpu {

/// Elements of a value seen with strides (in elements) from an offset.
struct StridedView {
  ValueId source;
  int64_t offset = 0;
  std::vector<int64_t> extents, strides;
};

std::vector<int64_t> extents_of_value(const Graph& graph, ValueId value);
/// The view of a whole value stored in `layout`.
StridedView whole_view(const Graph& graph, ValueId value, const OperandLayout& layout);

/// The same elements in the same row-major order under other extents; empty where strides cannot
/// say it (a merged pair of axes that do not lie in one run).
std::optional<StridedView> reshaped(const StridedView& view, const std::vector<int64_t>& extents);

/// What output `output` of a view node is, given its data input. Empty with `why` set where it is
/// not affine (or the node is no view).
std::optional<StridedView> through(const Graph& graph, const Node& node, size_t output,
                                   const StridedView& input, std::string& why);

/// The other way: how the node's input lies in memory if its output lies as `output` says. Only
/// for nodes that keep every element (Reshape family, Transpose, Identity).
std::optional<StridedView> back_through(const Graph& graph, const Node& node,
                                        const StridedView& output, std::string& why);

/// Seen with `extents` by ONNX broadcasting: strides of 0 where it repeats. Empty: does not fit.
std::optional<StridedView> broadcast(const StridedView& view, const std::vector<int64_t>& extents);

}  // namespace kasuri::cpu
