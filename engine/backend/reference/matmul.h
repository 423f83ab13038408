#pragma once

#include "engine/backend/reference/context.h"

namespace kasuri::reference {

/// numpy's matmul: broadcast batches of matrices, vectors at either side; stored as `dtype`.
/// 32- and 64-bit integers wrap around, all else is summed in double.
Tensor matrix_product(const Context& context, const Tensor& a, const Tensor& b, DataType dtype);

/// round(x / scale) + zero_point, ties to even, saturated to the zero point's type; scale and zero
/// point broadcast.
Tensor requantised(const Context& context, const Tensor& x, const Tensor& scale,
                   const Tensor& zero_point);

/// Smallest and largest value of an integer type.
struct IntegerLimits {
  double low, high;
};
IntegerLimits limits_of(DataType dtype);

}  // namespace kasuri::reference
