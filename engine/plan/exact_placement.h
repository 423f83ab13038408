#pragma once

#include <span>

#include "engine/plan/memory_planner.h"

namespace kasuri {

/// Lowers `best.total_bytes` towards its lower bound by depth-first search over canonical
/// placements (blocks in ascending offset, each at the lowest place its neighbours leave), cut by
/// section bounds: at no step may the floor plus what is still to be placed exceed the capacity.
/// Stops when the bound is reached, the space is exhausted, or the budget of elementary operations
/// is spent.
void improve_placement(std::span<const MemoryInterval> blocks, int64_t budget,
                       MemoryPlacement& best);

}  // namespace kasuri
