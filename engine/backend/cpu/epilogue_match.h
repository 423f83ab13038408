#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/backend/cpu/contraction_match.h"

namespace kasuri::cpu {

/// Reads the members behind a contraction as a chain of post-ops from `start` on, as far as it
/// goes. A value that something outside the chain reads ends it. `operand` gives a view of a
/// second operand that comes from outside.
std::vector<EpilogueOp> match_epilogue(
    const KernelRequest& request, const std::vector<NodeId>& after, ValueId start,
    const std::function<std::optional<StridedView>(ValueId)>& operand);

}  // namespace kasuri::cpu
