#pragma once

#include <vector>

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// The part of simplify(Nest) that keeps variables and axes apart, so that what stages share can
/// still be seen: dead stages and unit axes go, indices are simplified, axes and variables are put
/// in memory order.
void tidy(Nest& nest);

/// Renumbers the variables of a stage: new variable k is old variable order[k]; a variable missing
/// in `order` has extent 1 and reads as 0.
void reorder(Stage& stage, const std::vector<int>& order);

}  // namespace kasuri::loops
