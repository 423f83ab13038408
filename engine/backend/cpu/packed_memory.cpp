#include "engine/backend/cpu/packed_memory.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace kasuri::cpu {

std::shared_ptr<std::byte> allocate_packed(size_t bytes) {
  if (bytes == 0) return nullptr;
  constexpr size_t kHugePage = size_t{2} << 20;
  const size_t alignment = bytes >= kHugePage ? kHugePage : 64;
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  // Rounding a large block to whole huge pages costs address space, not memory.
  void* p = std::aligned_alloc(alignment, rounded);
  if (p == nullptr) throw std::bad_alloc();
  if (bytes >= kHugePage) ::madvise(p, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
  return {static_cast<std::byte*>(p), [](std::byte* q) { std::free(q); }};
}

}  // namespace kasuri::cpu
