#pragma once

#include <functional>

#include "engine/backend/cpu/contraction_match.h"

namespace kasuri::cpu {

/// The same for a contraction over codes: a Cast of its sums to float32 comes first, a
/// QuantizeLinear may come last.
std::vector<EpilogueOp> match_quantized_epilogue(
    const KernelRequest& request, const std::vector<NodeId>& after, const Node& root,
    const std::function<std::optional<StridedView>(ValueId)>& operand);

}  // namespace kasuri::cpu
