#pragma once

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// Merges variables that neighbour each other and are used together in every access, and the buffer
/// axes they walk; merges buffer axes where that removes divisions. Addresses touched stay the
/// same, in the same order. Outer variables merge with outer ones, reduced with reduced ones.
void merge_variables(Nest& nest);

}  // namespace kasuri::loops
