#pragma once

#include "engine/backend/backend.h"

namespace kasuri::cpu {

/// TensorScatter?
bool is_row_scatter(const Node& node);

/// New rows put into a cache, at a place per batch entry (ONNX TensorScatter, opset 24). Where the
/// output has the memory of the cache only the new rows are moved: a decoder's cache grows without
/// being copied. Errors (kUnavailable) give the reason: circular mode, an axis that is the batch,
/// elements of less than a byte, another layout than row-major.
Result<KernelPointer> compile_row_scatter(const KernelRequest& request);

std::optional<std::string> why_not_row_scatter(const KernelRequest& request);

}  // namespace kasuri::cpu
