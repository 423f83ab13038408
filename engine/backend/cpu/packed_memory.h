#pragma once

#include <cstddef>
#include <memory>

namespace kasuri::cpu {

/// Memory for packed weights: 64-byte aligned, on huge pages where the system gives them. Null for
/// 0 bytes. Throws std::bad_alloc.
std::shared_ptr<std::byte> allocate_packed(size_t bytes);

}  // namespace kasuri::cpu
