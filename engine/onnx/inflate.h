#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "engine/base/result.h"

namespace kasuri {

/// Decompresses a raw DEFLATE stream (RFC 1951) of `size` bytes. Damage, or another size, is an
/// error.
Result<std::string> inflate(std::span<const std::byte> packed, size_t size);

}  // namespace kasuri
