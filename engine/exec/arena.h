#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/result.h"

namespace kasuri {

/// Anonymous pages, zero until touched, given back when destroyed.
class Arena {
 public:
  Arena() = default;
  static Result<Arena> allocate(int64_t bytes);  ///< kUnavailable when memory is refused.
  ~Arena();
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  std::byte* data() const { return data_; }

 private:
  std::byte* data_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace kasuri
