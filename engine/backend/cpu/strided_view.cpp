#include "engine/backend/cpu/strided_view.h"

#include <algorithm>

#include "engine/lower/lowering.h"
#include "engine/rewrite/pattern.h"

namespace kasuri::cpu {
namespace {

using View = std::optional<StridedView>;

std::optional<std::vector<int64_t>> permutation(const Node& node, size_t rank) {
  std::vector<int64_t> order = node.get_ints("perm");
  if (order.empty())
    for (size_t k = rank; k-- > 0;) order.push_back(static_cast<int64_t>(k));
  std::vector<bool> seen(rank, false);
  for (int64_t axis : order) {
    if (axis < 0 || axis >= static_cast<int64_t>(rank) || seen[axis]) return std::nullopt;
    seen[axis] = true;
  }
  return order.size() == rank ? std::optional(order) : std::nullopt;
}

bool is_reshape(const Node& node) {
  return node.op.domain.empty() &&
         (node.is("Reshape") || node.is("Squeeze") || node.is("Unsqueeze") || node.is("Flatten") ||
          node.is("Identity"));
}

View sliced(const Graph& graph, const Node& node, StridedView view) {
  const auto starts = integers_of(graph, node, "starts", 1);
  const auto axes = integers_of(graph, node, "axes", 3);
  const auto steps = integers_of(graph, node, "steps", 4);
  const auto out = extents_of_value(graph, node.output(0));
  if (!starts || (node.input(3).valid() && !axes) || (node.input(4).valid() && !steps))
    return std::nullopt;
  for (size_t k = 0; k < starts->size(); ++k) {
    int64_t axis = axes ? axes->at(k) : static_cast<int64_t>(k);
    if (axis < 0) axis += static_cast<int64_t>(view.extents.size());
    if (axis < 0 || axis >= static_cast<int64_t>(view.extents.size())) return std::nullopt;
    const int64_t step = steps ? steps->at(k) : 1;
    int64_t start = (*starts)[k];
    if (step <= 0) return std::nullopt;
    if (start < 0) start += view.extents[axis];
    view.offset += std::clamp<int64_t>(start, 0, view.extents[axis]) * view.strides[axis];
    view.strides[axis] *= step;
  }
  view.extents = out;
  return view;
}

View split(const Graph& graph, const Node& node, size_t output, StridedView view) {
  int64_t axis = node.get_int("axis", 0);
  if (axis < 0) axis += static_cast<int64_t>(view.extents.size());
  if (axis < 0 || axis >= static_cast<int64_t>(view.extents.size())) return std::nullopt;
  for (size_t k = 0; k < output; ++k) {
    if (!node.outputs[k].valid()) return std::nullopt;
    view.offset += extents_of_value(graph, node.outputs[k])[axis] * view.strides[axis];
  }
  view.extents = extents_of_value(graph, node.outputs[output]);
  return view;
}

/// Gather with one constant scalar index: a slice that drops the axis.
View gathered(const Graph& graph, const Node& node, StridedView view) {
  const Tensor* index = graph.constant_input(node, 1);
  int64_t axis = node.get_int("axis", 0);
  if (axis < 0) axis += static_cast<int64_t>(view.extents.size());
  if (index == nullptr || index->rank() != 0 || axis < 0 ||
      axis >= static_cast<int64_t>(view.extents.size()))
    return std::nullopt;
  const auto values = integers_of(graph, node.input(1));
  if (!values) return std::nullopt;
  int64_t at = values->at(0);
  if (at < 0) at += view.extents[axis];
  if (at < 0 || at >= view.extents[axis]) return std::nullopt;
  view.offset += at * view.strides[axis];
  view.extents.erase(view.extents.begin() + axis);
  view.strides.erase(view.strides.begin() + axis);
  return view;
}

}  // namespace

std::vector<int64_t> extents_of_value(const Graph& graph, ValueId value) {
  const auto extents = extents_of(*graph.value(value).type.shape);
  KASURI_CHECK(extents.has_value(), "a static shape");
  return *extents;
}

StridedView whole_view(const Graph& graph, ValueId value, const OperandLayout& layout) {
  StridedView view{value, 0, extents_of_value(graph, value), {}};
  view.strides = lower::strides_for(view.extents, layout.axis_order);
  return view;
}

View reshaped(const StridedView& view, const std::vector<int64_t>& extents) {
  StridedView out{view.source, view.offset, extents, std::vector<int64_t>(extents.size(), 0)};
  std::vector<int64_t> from, steps;  // without extents of 1
  for (size_t k = 0; k < view.extents.size(); ++k)
    if (view.extents[k] != 1) {
      from.push_back(view.extents[k]);
      steps.push_back(view.strides[k]);
    }
  size_t i = 0;
  for (size_t o = 0; o < extents.size();) {
    if (extents[o] == 1) {
      ++o;
      continue;
    }
    if (i >= from.size()) return std::nullopt;
    // Smallest runs of old and new axes with equal products.
    size_t i_end = i + 1, o_end = o + 1;
    int64_t old_product = from[i], new_product = extents[o];
    while (old_product != new_product) {
      if (old_product < new_product) {
        if (i_end >= from.size()) return std::nullopt;
        old_product *= from[i_end++];
      } else {
        if (o_end >= extents.size()) return std::nullopt;
        new_product *= extents[o_end++];
      }
    }
    for (size_t k = i; k + 1 < i_end; ++k)
      if (steps[k] != steps[k + 1] * from[k + 1]) return std::nullopt;
    int64_t stride = steps[i_end - 1];
    for (size_t k = o_end; k-- > o;) {
      out.strides[k] = stride;
      stride *= extents[k];
    }
    i = i_end;
    o = o_end;
  }
  if (i != from.size()) return std::nullopt;
  for (size_t k = extents.size(); k-- > 0;)  // a plausible stride for extents of 1
    if (extents[k] == 1)
      out.strides[k] = k + 1 < extents.size() ? out.strides[k + 1] * extents[k + 1] : 1;
  return out;
}

View through(const Graph& graph, const Node& node, size_t output, const StridedView& input,
             std::string& why) {
  View result;
  if (is_reshape(node)) {
    result = reshaped(input, extents_of_value(graph, node.outputs[output]));
  } else if (node.is("Transpose")) {
    const auto order = permutation(node, input.extents.size());
    if (order) {
      result = StridedView{input.source, input.offset, {}, {}};
      for (int64_t axis : *order) {
        result->extents.push_back(input.extents[axis]);
        result->strides.push_back(input.strides[axis]);
      }
    }
  } else if (node.is("Slice")) {
    result = sliced(graph, node, input);
  } else if (node.is("Split")) {
    result = split(graph, node, output, input);
  } else if (node.is("Gather")) {
    result = gathered(graph, node, input);
  } else if (node.is("Expand")) {
    result = broadcast(input, extents_of_value(graph, node.outputs[output]));
  }
  if (!result) why = "'" + node.name + "' (" + node.op.text() + ") cannot be written as strides";
  return result;
}

View back_through(const Graph& graph, const Node& node, const StridedView& output,
                  std::string& why) {
  View result;
  const auto extents = extents_of_value(graph, node.input(0));
  if (is_reshape(node)) {
    result = reshaped(output, extents);
  } else if (node.is("Transpose")) {
    if (const auto order = permutation(node, extents.size())) {
      result = StridedView{output.source, output.offset, extents,
                           std::vector<int64_t>(extents.size(), 0)};
      for (size_t k = 0; k < order->size(); ++k) result->strides[(*order)[k]] = output.strides[k];
    }
  }
  if (!result) why = "'" + node.name + "' (" + node.op.text() + ") cannot be undone by strides";
  return result;
}

View broadcast(const StridedView& view, const std::vector<int64_t>& extents) {
  if (view.extents.size() > extents.size()) return std::nullopt;
  StridedView out{view.source, view.offset, extents, std::vector<int64_t>(extents.size(), 0)};
  const size_t shift = extents.size() - view.extents.size();
  for (size_t k = 0; k < view.extents.size(); ++k) {
    if (view.extents[k] == 1) continue;
    if (view.extents[k] != extents[k + shift]) return std::nullopt;
    out.strides[k + shift] = view.strides[k];
  }
  return out;
}

}  // namespace kasuri::cpu
