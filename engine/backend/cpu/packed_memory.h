#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "engine/base/result.h"

namespace kasuri::cpu {

/// Packed weights: `fill` writes `bytes` bytes that never change again. Plans of one model for
/// other batches or row counts mostly pack the same: equal contents are held once per process, so
/// that the processor's cache holds them once, too. 64-byte aligned, side by side on huge pages
/// where the system gives them, for a decoder reads all its weights for every token. Null for 0
/// bytes. Errors: those of `fill`. Throws std::bad_alloc.
Result<std::shared_ptr<const std::byte>> pack_once(size_t bytes,
                                                   const std::function<Status(std::byte*)>& fill);

}  // namespace kasuri::cpu
