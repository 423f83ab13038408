#include "engine/plan/layout_table.h"

#include <algorithm>

namespace kasuri {
namespace {

/// A permutation that moves an axis of more than one element past another.
bool moves_data(const std::vector<int>& order, const std::vector<int64_t>& extents) {
  int previous = -1;
  for (int axis : order) {
    if (extents[axis] == 1) continue;
    if (axis < previous) return true;
    previous = axis;
  }
  return false;
}

bool is_permutation(const std::vector<int>& order, size_t rank) {
  std::vector<int> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (size_t k = 0; k < sorted.size(); ++k)
    if (sorted[k] != static_cast<int>(k)) return false;
  return order.size() == rank;
}

}  // namespace

LayoutTable::LayoutTable(const Graph& graph, const PlanDecisions& decisions) {
  for (ValueId id : graph.value_ids()) {
    const Value& value = graph.value(id);
    const auto order = decisions.layout_of(id);
    if (!order || !value.producer.valid() || graph.is_output(id) || !value.type.is_static_tensor())
      continue;
    const auto extents = *extents_of(*value.type.shape);
    if (is_permutation(*order, extents.size()) && moves_data(*order, extents)) orders_[id] = *order;
  }
}

std::vector<int> LayoutTable::order_of(ValueId value) const {
  const auto it = orders_.find(value);
  return it == orders_.end() ? std::vector<int>() : it->second;
}

}  // namespace kasuri
