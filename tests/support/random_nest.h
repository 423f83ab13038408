#pragma once

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// A random chain of stages over float buffers: elementwise maps, broadcasts, views (transpose,
/// reshape, slice, flip, pad), concatenations, reductions and what reads them back, contractions,
/// scans, gathers; extents from {0, 1, 2, 3, 4, 5, 6, 7}. Some intermediates are outputs, some
/// stored as float16.
Nest random_nest(uint64_t seed);

}  // namespace kasuri::loops
