#pragma once

#include <span>

#include "engine/backend/backend.h"

namespace kasuri::cpu {

/// The request for `members` (topological order) as one kernel, everything row-major.
KernelRequest request_for_members(const Graph& graph, std::span<const NodeId> members);

}  // namespace kasuri::cpu
