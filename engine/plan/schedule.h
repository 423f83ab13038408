#pragma once

#include <vector>

#include "engine/plan/route.h"

namespace kasuri {

/// The order in which units run, as positions in `units` (which is itself a valid order).
/// `by_peak`: the best of the given, depth-first, breadth-first and least-peak orders, judged by
/// the largest sum of live values (contiguous views counted as the value they look at when
/// `views_are_aliases`); the given order wins ties.
std::vector<int> order_units(const Graph& graph, const std::vector<RoutedUnit>& units, bool by_peak,
                             bool views_are_aliases);

}  // namespace kasuri
