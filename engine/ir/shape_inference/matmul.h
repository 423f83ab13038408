#pragma once

#include <optional>

#include "engine/ir/shape_inference/context.h"

namespace kasuri::shape_inference {

/// NumPy's matmul of two shapes (rank 1 operands become a row or a column); a contradiction is
/// reported to `c` and gives an empty optional.
std::optional<Shape> matmul_shape(Context& c, const Shape& left, const Shape& right);

}  // namespace kasuri::shape_inference
