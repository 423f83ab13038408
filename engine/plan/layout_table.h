#pragma once

#include <map>
#include <vector>

#include "engine/rewrite/plan_decisions.h"

namespace kasuri {

/// The physical axis orders in force: decisions that may hold (static values inside the plan) and
/// that change where elements lie.
class LayoutTable {
 public:
  LayoutTable(const Graph& graph, const PlanDecisions& decisions);

  std::vector<int> order_of(ValueId value) const;  ///< empty: row-major
  bool is_row_major(ValueId value) const { return !orders_.contains(value); }
  /// Back to row-major, because a reader or writer knows nothing else. True if that changed it.
  bool drop(ValueId value) { return orders_.erase(value) > 0; }

 private:
  std::map<ValueId, std::vector<int>> orders_;
};

}  // namespace kasuri
