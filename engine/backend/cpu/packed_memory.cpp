#include "engine/backend/cpu/packed_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kasuri::cpu {
namespace {

constexpr size_t kLine = 64, kHugePage = size_t{2} << 20, kChunk = 4 * kHugePage;

using Block = std::shared_ptr<std::byte>;

size_t rounded(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// Pages nobody touches stay address space.
Block allocate(size_t bytes, size_t alignment) {
  void* p = std::aligned_alloc(alignment, rounded(bytes, alignment));
  if (p == nullptr) throw std::bad_alloc();
  if (alignment == kHugePage) ::madvise(p, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
  return {static_cast<std::byte*>(p), [](std::byte* q) { std::free(q); }};
}

/// Of some places only: equal keys are compared byte by byte anyway.
uint64_t key_of(const std::byte* data, size_t bytes) {
  constexpr size_t kPlaces = 64;
  uint64_t key = bytes;
  for (size_t place = 0; place < kPlaces; ++place) {
    const size_t at = bytes / kPlaces * place;
    const std::string_view piece(reinterpret_cast<const char*>(data) + at,
                                 std::min(kLine, bytes - at));
    key = key * 0x9e3779b97f4a7c15ULL + std::hash<std::string_view>()(piece);
  }
  return key;
}

/// All packed weights of the process. A block lives as long as anything in its chunk does.
class PackedBlocks {
 public:
  std::shared_ptr<const std::byte> keep(const Block& fresh, size_t bytes) {
    const std::lock_guard lock(mutex_);
    std::vector<Known>& alike = known_[key_of(fresh.get(), bytes)];
    std::erase_if(alike, [](const Known& known) { return known.block.expired(); });
    for (const Known& known : alike)
      if (const auto living = known.block.lock();
          living && known.bytes == bytes && std::memcmp(living.get(), fresh.get(), bytes) == 0)
        return living;
    const Block block = bytes >= kHugePage ? fresh : moved(fresh, bytes);
    alike.push_back({block, bytes});
    return block;
  }

 private:
  struct Known {
    std::weak_ptr<std::byte> block;
    size_t bytes = 0;
  };

  Block moved(const Block& fresh, size_t bytes) {
    Block chunk = chunk_.lock();
    if (!chunk || used_ + bytes > kChunk) {
      chunk_ = chunk = allocate(kChunk, kHugePage);
      used_ = 0;
    }
    const Block block(chunk, chunk.get() + used_);
    std::memcpy(block.get(), fresh.get(), bytes);
    used_ += rounded(bytes, kLine);
    return block;
  }

  std::mutex mutex_;
  std::unordered_map<uint64_t, std::vector<Known>> known_;
  std::weak_ptr<std::byte> chunk_;
  size_t used_ = 0;
};

}  // namespace

Result<std::shared_ptr<const std::byte>> pack_once(size_t bytes,
                                                   const std::function<Status(std::byte*)>& fill) {
  if (bytes == 0) return std::shared_ptr<const std::byte>();
  static PackedBlocks blocks;
  const Block fresh = allocate(bytes, bytes >= kHugePage ? kHugePage : kLine);
  KASURI_RETURN_IF_ERROR(fill(fresh.get()));
  return blocks.keep(fresh, bytes);
}

}  // namespace kasuri::cpu
