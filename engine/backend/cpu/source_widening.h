#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kasuri::cpu {

/// A copy of 8-bit data in which some channels stand twice: behind all others, then zeros.
struct SourceWidening {
  int64_t outer = 0, channels = 0, inner = 1;  ///< data as [outer, channels, inner]; outer 0: none
  int64_t width = 0;                           ///< channels of the copy
  std::vector<int32_t> repeated;

  int64_t bytes() const { return outer * width * inner; }
  void copy(const std::byte* from, std::byte* to) const;
};

}  // namespace kasuri::cpu
