#pragma once

#include <string>

#include "engine/ir/runtime_value.h"
#include "engine/plan/plan.h"

namespace kasuri {

/// A copy with memory of its own where the value only looks at memory that will change.
RuntimeValue detached(const RuntimeValue& value);

/// Executors read inputs at multiples of so many bytes, copies of those that lie elsewhere.
constexpr size_t kInputAlignment = 64;
/// The same tensor at such an address.
Tensor aligned(const Tensor& tensor);

/// "float32[2,3]" for messages.
std::string text_of(const Tensor& tensor);

/// May the tensor be a value of this type? Extents the type leaves open fit any.
bool accepts(const ValueType& type, const Tensor& tensor);

/// Bytes of the elements, items of sequences included.
int64_t held_bytes(const RuntimeValue& value);

/// The elements at `from`, which lie in the buffer's axis order, as a row-major tensor.
Tensor row_major_copy(const PlanBuffer& buffer, const std::byte* from);

}  // namespace kasuri
