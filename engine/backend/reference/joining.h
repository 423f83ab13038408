#pragma once

#include <vector>

#include "engine/backend/reference/strided.h"

namespace kasuri::reference {

/// Tensors of one type joined along `axis`; other extents must agree.
Tensor concatenated(const Context& context, const std::vector<Tensor>& parts, int64_t axis);
/// Elements [begin, begin + length) of `axis`, which is in [0, rank).
Tensor section(const Context& context, const Tensor& x, int axis, int64_t begin, int64_t length);

}  // namespace kasuri::reference
