#pragma once

#include <optional>
#include <span>

#include "engine/ir/graph.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::profiling {

/// One output element of a float32 MatMul, Gemm or Conv (any group, stride, dilation, padding),
/// summed in double from the node's inputs; `magnitude` is the sum of absolute terms, which bounds
/// the rounding error. Empty for other nodes and types.
struct ElementSum {
  double value = 0, magnitude = 0;
};
std::optional<ElementSum> recompute_element(const Node& node, std::span<const RuntimeValue> inputs,
                                            const Tensor& output, int64_t index);
bool can_recompute(const Node& node, std::span<const RuntimeValue> inputs);

}  // namespace kasuri::profiling
