#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/ir/tensor.h"
#include "engine/ir/value_type.h"

namespace kasuri::profiling {

/// Memory that plans look at as a tensor and that its owner changes between runs (never during
/// one). Zero at first, 64-byte aligned.
class SharedBuffer {
 public:
  SharedBuffer() = default;
  explicit SharedBuffer(const ValueType& type);

  const Tensor& tensor() const { return tensor_; }
  std::byte* data() { return data_.get(); }
  template <typename T>
  std::span<T> as() {
    return {reinterpret_cast<T*>(data_.get()), static_cast<size_t>(tensor_.count())};
  }

 private:
  std::shared_ptr<std::byte> data_;
  Tensor tensor_;
};

/// One tensor of a key-value cache with a fixed number of slots; slot j holds the token at
/// position j. Forgetting tokens costs nothing: their slots are written over later.
class KvCache {
 public:
  KvCache() = default;
  /// `type` has the slots at `axis`.
  KvCache(const ValueType& type, int axis);

  /// The first `count` rows of `rows` (extents as the cache, another number of them) into the slots
  /// from `first` on.
  void put(const Tensor& rows, int64_t first, int64_t count);
  /// The same tokens in a cache with other slots.
  KvCache resized(int64_t slots, int64_t keep) const;
  const Tensor& tensor() const { return buffer_.tensor(); }

 private:
  SharedBuffer buffer_;
  int axis_ = 0;
  int64_t outer_ = 1, slots_ = 0;
  size_t row_bytes_ = 0;
};

}  // namespace kasuri::profiling
