#pragma once

#include <fmt/format.h>

#include <span>
#include <string>

#include "engine/backend/reference/reference_backend.h"

namespace kasuri::testing {

/// Holds what nodes give against the types that were inferred for their outputs.
class ObservedTypes {
 public:
  explicit ObservedTypes(const Graph& graph) : graph_(graph) {}

  /// For run_model(); refers to this object.
  reference::NodeObserver observer() {
    return [this](const Node& node, std::span<const RuntimeValue>,
                  std::span<const RuntimeValue> outputs) -> Status {
      for (size_t i = 0; i < outputs.size() && first_.empty(); ++i)
        if (node.output(i).valid()) compare(node, i, outputs[i]);
      return Done{};
    };
  }
  /// The first value that is not what was inferred; empty: all are.
  const std::string& difference() const { return first_; }

 private:
  void compare(const Node& node, size_t i, const RuntimeValue& got) {
    const ValueType& type = graph_.value(node.output(i)).type;
    if (!got.is_tensor() || !type.is_tensor()) return;
    const Tensor& tensor = got.tensor();
    bool fits = type.dtype == DataType::kUndefined || type.dtype == tensor.dtype();
    if (type.shape) {
      fits = fits && type.shape->size() == tensor.extents().size();
      for (size_t d = 0; fits && d < tensor.extents().size(); ++d)
        fits = !(*type.shape)[d].known() || (*type.shape)[d].value() == tensor.extents()[d];
    }
    if (fits) return;
    first_ = fmt::format("{} '{}' output {} is {}, inferred {}", node.op.text(), node.name, i,
                         ValueType::tensor(tensor.dtype(), shape_of(tensor.extents())).text(),
                         type.text());
  }

  const Graph& graph_;
  std::string first_;
};

}  // namespace kasuri::testing
