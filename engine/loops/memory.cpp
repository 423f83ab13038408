#include "engine/loops/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "engine/base/check.h"

namespace kasuri::loops {
namespace {

template <typename T>
T read(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

template <typename T>
void write(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof(T));
}

}  // namespace

int64_t span_of(const Buffer& buffer) {
  int64_t span = 1;
  for (size_t axis = 0; axis < buffer.extents.size(); ++axis) {
    if (buffer.extents[axis] == 0) return 0;
    span += (buffer.extents[axis] - 1) * std::max<int64_t>(buffer.strides[axis], 0);
  }
  return span;
}

Memory::Memory(const Nest& nest, const std::vector<BufferBytes>& given) : nest_(nest) {
  KASURI_CHECK(given.size() >= nest.buffers.size(),
               "the interpreter needs memory for every buffer");
  own_.resize(nest.buffers.size());
  for (size_t b = 0; b < nest.buffers.size(); ++b) {
    const Buffer& buffer = nest.buffers[b];
    if (buffer.role == BufferRole::kLocal) {
      own_[b].assign(bytes_for(buffer.dtype, span_of(buffer)), std::byte{0xff});
      bytes_.emplace_back(own_[b]);
    } else {
      bytes_.push_back(given[b]);
    }
  }
}

std::byte* Memory::element(int buffer, const std::vector<int64_t>& at) const {
  const Buffer& b = nest_.buffers[buffer];
  int64_t offset = 0;
  for (size_t axis = 0; axis < at.size(); ++axis) {
    KASURI_CHECK(at[axis] >= 0 && at[axis] < b.extents[axis],
                 fmt::format("b{} '{}' is accessed at {} on axis {} of {} elements", buffer, b.name,
                             at[axis], axis, b.extents[axis]));
    offset += at[axis] * b.strides[axis];
  }
  const int64_t size = bits_of(b.dtype) / 8;
  KASURI_CHECK(offset >= 0 && (offset + 1) * size <= static_cast<int64_t>(bytes_[buffer].size()),
               fmt::format("b{} '{}' is accessed outside its memory", buffer, b.name));
  return bytes_[buffer].data() + offset * size;
}

Value Memory::load(int buffer, const std::vector<int64_t>& at) const {
  const std::byte* from = element(buffer, at);
  switch (nest_.buffers[buffer].dtype) {
    case DataType::kFloat:
      return {read<float>(from), 0};
    case DataType::kDouble:
      return {read<double>(from), 0};
    case DataType::kFloat16:
      return {half_to_float(read<uint16_t>(from)), 0};
    case DataType::kBfloat16:
      return {bfloat_to_float(read<uint16_t>(from)), 0};
    case DataType::kBool:
      return {0, read<uint8_t>(from) != 0};
    case DataType::kInt8:
      return {0, read<int8_t>(from)};
    case DataType::kUint8:
      return {0, read<uint8_t>(from)};
    case DataType::kInt16:
      return {0, read<int16_t>(from)};
    case DataType::kUint16:
      return {0, read<uint16_t>(from)};
    case DataType::kInt32:
      return {0, read<int32_t>(from)};
    case DataType::kUint32:
      return {0, read<uint32_t>(from)};
    case DataType::kInt64:
    case DataType::kUint64:
      return {0, read<int64_t>(from)};
    default:
      fail("nests do not compute in this type");
  }
}

void Memory::store(int buffer, const std::vector<int64_t>& at, Value value) {
  std::byte* to = element(buffer, at);
  const auto single = static_cast<float>(value.number);
  switch (nest_.buffers[buffer].dtype) {
    case DataType::kFloat:
      return write(to, single);
    case DataType::kDouble:
      return write(to, value.number);
    case DataType::kFloat16:
      return write(to, float_to_half(single));
    case DataType::kBfloat16:
      return write(to, float_to_bfloat(single));
    case DataType::kBool:
      return write<uint8_t>(to, value.integer != 0);
    case DataType::kInt8:
    case DataType::kUint8:
      return write(to, static_cast<uint8_t>(value.integer));
    case DataType::kInt16:
    case DataType::kUint16:
      return write(to, static_cast<uint16_t>(value.integer));
    case DataType::kInt32:
    case DataType::kUint32:
      return write(to, static_cast<uint32_t>(value.integer));
    case DataType::kInt64:
    case DataType::kUint64:
      return write(to, value.integer);
    default:
      fail("nests do not compute in this type");
  }
}

}  // namespace kasuri::loops
