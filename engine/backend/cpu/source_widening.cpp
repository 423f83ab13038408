#include "engine/backend/cpu/source_widening.h"

#include <cstring>

namespace kasuri::cpu {

void SourceWidening::copy(const std::byte* from, std::byte* to) const {
  const auto plane = static_cast<size_t>(inner);
  const int64_t filled = channels + static_cast<int64_t>(repeated.size());
  for (int64_t o = 0; o < outer; ++o, from += channels * inner, to += width * inner) {
    std::memcpy(to, from, static_cast<size_t>(channels) * plane);
    std::byte* next = to + channels * inner;
    if (inner == 1)
      for (int32_t channel : repeated) *next++ = from[channel];
    else
      for (int32_t channel : repeated) {
        std::memcpy(next, from + channel * inner, plane);
        next += inner;
      }
    std::memset(next, 0, static_cast<size_t>(width - filled) * plane);
  }
}

}  // namespace kasuri::cpu
