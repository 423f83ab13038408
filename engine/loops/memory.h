#pragma once

#include <cstddef>
#include <vector>

#include "engine/loops/arithmetic.h"
#include "engine/loops/interpreter.h"

namespace kasuri::loops {

/// Elements of a nest's buffers while it is interpreted. Every access is checked against the
/// extents and the bytes given: a violation is an internal error.
class Memory {
 public:
  /// `given`: bytes of inputs and outputs, one entry per buffer; locals are allocated and filled
  /// with a pattern that reads as NaN, so that a use before a store shows.
  Memory(const Nest& nest, const std::vector<BufferBytes>& given);

  Value load(int buffer, const std::vector<int64_t>& at) const;
  void store(int buffer, const std::vector<int64_t>& at, Value value);

 private:
  std::byte* element(int buffer, const std::vector<int64_t>& at) const;

  const Nest& nest_;
  std::vector<BufferBytes> bytes_;
  std::vector<std::vector<std::byte>> own_;
};

/// Elements from the lowest to the highest address of a buffer, 0 if it has none.
int64_t span_of(const Buffer& buffer);

}  // namespace kasuri::loops
