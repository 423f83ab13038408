#pragma once

#include <string>

#include "engine/plan/plan.h"

namespace kasuri {

/// Why the memory of what a step makes is not planned, for people; empty when all of it is.
std::string why_dynamic(const PlanEntry& entry, const PlanStep& step);

}  // namespace kasuri
