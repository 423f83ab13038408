#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// Does the view, with the layouts in force, put elements elsewhere? Reshapes and runs cut out of
/// memory do not: the planner lets them share the bytes of their input.
bool moves_data(const Scene& scene, const Node& view);

/// Are the last axis' neighbours in the view's result neighbours in memory before it, too?
bool keeps_rows(const Scene& scene, const Node& view);

}  // namespace kasuri
