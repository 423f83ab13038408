#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/loops/nest.h"

namespace kasuri::loops {

/// Memory of one buffer while a nest runs; empty for local buffers (the interpreter allocates).
using BufferBytes = std::span<std::byte>;

/// Walks the nest point by point: slow and obviously right. Errors: an indirect index out of range
/// with policy kReport.
Status interpret(const Nest& nest, const std::vector<BufferBytes>& buffers);

}  // namespace kasuri::loops
