#include "engine/exec/arena.h"

#include <sys/mman.h>

#include <string>
#include <utility>

namespace kasuri {

Result<Arena> Arena::allocate(int64_t bytes) {
  Arena arena;
  if (bytes <= 0) return arena;
  void* p = ::mmap(nullptr, static_cast<size_t>(bytes), PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED)
    return Error::unavailable("no memory for an arena of " + std::to_string(bytes) + " bytes");
  constexpr int64_t kHugePage = 2 << 20;
  if (bytes >= kHugePage) ::madvise(p, static_cast<size_t>(bytes), MADV_HUGEPAGE);
  arena.data_ = static_cast<std::byte*>(p);
  arena.bytes_ = static_cast<size_t>(bytes);
  return arena;
}

Arena::~Arena() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

Arena::Arena(Arena&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Arena& Arena::operator=(Arena&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

}  // namespace kasuri
