#pragma once

#include "engine/backend/reference/window.h"

namespace kasuri::reference {

/// x [N, C, spatial...] with w [M, C/group, kernel...]; the sum over channels and kernel points in
/// row-major order, as double. Attributes (group, strides, pads, ...) are the node's.
Tensor convolved(const Context& context, const Tensor& x, const Tensor& w);

/// One number per channel added: y[n, m, ...] + bias[m].
Tensor with_channel_bias(const Context& context, const Tensor& y, const Tensor& bias,
                         DataType dtype);

}  // namespace kasuri::reference
