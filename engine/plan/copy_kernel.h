#pragma once

#include <memory>
#include <vector>

#include "engine/backend/kernel.h"
#include "engine/plan/contiguous_view.h"

namespace kasuri {

/// Moves runs of bytes; `input` and `output` of a piece number the step's inputs and outputs. A
/// piece whose source already is its destination costs nothing.
KernelPointer make_copy_kernel(std::vector<CopyPiece> pieces);

}  // namespace kasuri
