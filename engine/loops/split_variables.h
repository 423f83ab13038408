#pragma once

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// Buffers whose accesses tie stages together: written here, and read here or written twice.
bool is_shared(const Nest& nest, int buffer);

/// The opposite of merge_variables: cuts axes of shared buffers where some access walks them with
/// several variables, and variables where an access divides them, so that stages that share
/// rows but were merged differently show the same variables. Addresses stay the same, in order.
void split_variables(Nest& nest);

}  // namespace kasuri::loops
