#pragma once

#include "engine/codegen/target.h"
#include "engine/loops/nest.h"

namespace kasuri::codegen {

/// Variable `variable` of a stage becomes two: v -> v * size + w, where w runs over [0, size).
/// `size` divides the extent. Indices are simplified.
loops::Stage split_variable(const loops::Stage& stage, int variable, int64_t size);

/// An equal nest whose axes suit vectors better, if the cost model knows one: axes that are divided
/// in some index are split where that makes lanes affine, and the last outer axis is blocked where
/// the inner ones are strided, so that lanes can lie across it.
loops::Nest arranged(const loops::Nest& nest, const TargetDescription& target);

}  // namespace kasuri::codegen
