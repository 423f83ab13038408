#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan/plan.h"

namespace kasuri {

/// Where the memory of one run of a body lies, in one block: its arena, then its static outputs,
/// then its static inputs (captures lie outside). Offsets are multiples of kArenaAlignment.
struct FrameLayout {
  std::vector<int64_t> offsets;  ///< By buffer: of outputs and inputs; -1 for all others.
  int64_t bytes = 0;
};

FrameLayout frame_layout(const PlanEntry& entry);

}  // namespace kasuri
