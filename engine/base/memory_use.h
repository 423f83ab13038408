#pragma once

#include <cstdint>

namespace kasuri {

/// Bytes this process may have: the machine's memory, or less where its control group says so.
int64_t machine_memory_bytes();
/// What a run may take where nobody sets a limit: seven eighths of the above, the rest is for what
/// is not counted (code, stacks, other processes).
int64_t default_memory_limit();

/// Bytes of tensors alive in this process that lie on its heap.
int64_t live_tensor_bytes();
/// Told by those who allocate and free tensors; `change` may be negative.
void add_live_tensor_bytes(int64_t change);

}  // namespace kasuri
