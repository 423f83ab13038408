#include "profiling/dynamic/kv_cache.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace kasuri::profiling {
namespace {

constexpr std::align_val_t kAlignment{64};

}  // namespace

SharedBuffer::SharedBuffer(const ValueType& type) {
  const std::vector<int64_t> extents = *extents_of(*type.shape);
  const size_t bytes =
      static_cast<size_t>(*element_count(extents)) * static_cast<size_t>(bits_of(type.dtype)) / 8;
  auto* memory = static_cast<std::byte*>(::operator new(std::max<size_t>(bytes, 64), kAlignment));
  std::memset(memory, 0, bytes);
  data_ =
      std::shared_ptr<std::byte>(memory, [](std::byte* p) { ::operator delete(p, kAlignment); });
  tensor_ = Tensor::view(type.dtype, extents, {memory, bytes}, data_);
}

KvCache::KvCache(const ValueType& type, int axis) : buffer_(type), axis_(axis) {
  const std::vector<int64_t>& extents = buffer_.tensor().extents();
  slots_ = extents[axis];
  row_bytes_ = static_cast<size_t>(bits_of(type.dtype)) / 8;
  for (int k = 0; k < static_cast<int>(extents.size()); ++k) {
    if (k < axis) outer_ *= extents[k];
    if (k > axis) row_bytes_ *= static_cast<size_t>(extents[k]);
  }
}

void KvCache::put(const Tensor& rows, int64_t first, int64_t count) {
  const int64_t given = rows.extents()[axis_];
  KASURI_CHECK(first + count <= slots_ && count <= given, "tokens fit the cache");
  for (int64_t o = 0; o < outer_; ++o)
    std::memcpy(buffer_.data() + static_cast<size_t>(o * slots_ + first) * row_bytes_,
                rows.bytes().data() + static_cast<size_t>(o * given) * row_bytes_,
                static_cast<size_t>(count) * row_bytes_);
}

KvCache KvCache::resized(int64_t slots, int64_t keep) const {
  std::vector<int64_t> extents = buffer_.tensor().extents();
  extents[axis_] = slots;
  KvCache other(ValueType::tensor(buffer_.tensor().dtype(), shape_of(extents)), axis_);
  other.put(buffer_.tensor(), 0, std::min(keep, slots_));
  return other;
}

}  // namespace kasuri::profiling
