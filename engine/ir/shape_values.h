#pragma once

#include <optional>
#include <span>

#include "engine/ir/shape_inference/context.h"

namespace kasuri::shape_inference {

/// The value of a node's first output where it is a small tensor of integers or booleans (at most
/// 1,024 elements) that follows from constant inputs or from known extents (Shape, Size). Covers
/// the operators shape arithmetic is written with; empty optional for all else.
std::optional<Tensor> shape_value(const Node& node, std::span<const Context::Input> inputs,
                                  const ValueType& output);

}  // namespace kasuri::shape_inference
