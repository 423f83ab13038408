#pragma once

#include "engine/loops/nest.h"

namespace kasuri::loops {

// Well-known groups as lowering writes them: one stage per operator.

Nest bias_gelu(int64_t rows, int64_t columns);
/// relu(x + y); buffers: x, y, local, output.
Nest residual_relu(const std::vector<int64_t>& extents);
/// softmax(x * scale + mask) over the last axis of [batch, heads, n, n]; mask is [batch, 1, 1, n],
/// computed from a 0/1 input.
Nest masked_softmax(int64_t batch, int64_t heads, int64_t n);
/// ReduceMean, Sub, Pow, ReduceMean, Add, Sqrt, Div, Mul, Add after a residual addition.
Nest layer_norm_decomposed(int64_t batch, int64_t rows, int64_t columns);
/// q * k^T of [batch, n, heads * d] inputs: Reshape and Transpose before the contraction.
Nest attention_operand(int64_t batch, int64_t heads, int64_t n, int64_t d);
/// relu(x * w + bias).
Nest linear_relu(int64_t m, int64_t n, int64_t k);
/// relu(concat(a, b)) along axis 1.
Nest concat_relu(int64_t rows, int64_t left, int64_t right);
/// x reshaped to [n, groups, c/groups * size], normalised, reshaped back, scaled per channel.
Nest group_norm(int64_t n, int64_t channels, int64_t groups, int64_t size);
/// Convolution of one image as a contraction over an im2col index.
Nest im2col(int64_t channels, int64_t size, int64_t filters);

}  // namespace kasuri::loops
