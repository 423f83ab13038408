#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/fingerprint.h"
#include "engine/ir/data_type.h"

namespace kasuri {

/// An immutable, shared, row-major array. Copying shares the storage. Sub-byte elements are packed,
/// low bits first; bool takes one byte.
class Tensor {
 public:
  Tensor() = default;

  /// Fresh storage, 64-byte aligned, filled by `fill` (which may be null: zeros).
  static Tensor make(DataType dtype, std::vector<int64_t> extents,
                     const std::function<void(std::span<std::byte>)>& fill = nullptr);
  /// A view of bytes kept alive by `owner` (a mapped file). Not copied; must hold
  /// bytes_for(dtype, count) bytes. Where the address does not suit the element type (weights
  /// inside an ONNX file lie at any byte), the first use of bytes() or data() makes one aligned
  /// copy, shared by all copies of the tensor; stored_bytes() never does.
  static Tensor view(DataType dtype, std::vector<int64_t> extents, std::span<const std::byte> bytes,
                     std::shared_ptr<const void> owner);
  static Tensor strings(std::vector<int64_t> extents, std::vector<std::string> values);

  template <typename T>  // int64_t, float, ... as given by DataTypeOf<T>
  static Tensor of(std::vector<int64_t> extents, const std::vector<T>& values);
  template <typename T>
  static Tensor scalar(T value) {
    return of<T>({}, std::vector<T>{value});
  }

  bool defined() const { return dtype_ != DataType::kUndefined; }
  DataType dtype() const { return dtype_; }
  const std::vector<int64_t>& extents() const { return extents_; }
  int rank() const { return static_cast<int>(extents_.size()); }
  int64_t count() const { return count_; }
  std::span<const std::byte> bytes() const { return aligner_ ? aligned_bytes() : bytes_; }
  /// The bytes where they lie, at any address: for hashing, writing and memcpy.
  std::span<const std::byte> stored_bytes() const { return bytes_; }
  const std::vector<std::string>& strings() const;
  /// The elements as T; the dtype must be stored as T (float16 as uint16_t, bool as uint8_t).
  template <typename T>
  std::span<const T> data() const {
    KASURI_CHECK(sizeof(T) * 8 == static_cast<size_t>(bits_of(dtype_)), "element size of a tensor");
    return {reinterpret_cast<const T*>(bytes().data()), static_cast<size_t>(count_)};
  }
  /// Same elements, other extents (equal count); storage is shared.
  Tensor reshaped(std::vector<int64_t> extents) const;
  /// dtype, extents and contents.
  Fingerprint fingerprint() const;
  /// True when the bytes belong to this process' heap rather than to a mapped file.
  bool owns_memory() const { return owned_; }

 private:
  struct Aligner;
  std::span<const std::byte> aligned_bytes() const;

  DataType dtype_ = DataType::kUndefined;
  bool owned_ = false;
  std::vector<int64_t> extents_;
  int64_t count_ = 0;
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  std::shared_ptr<Aligner> aligner_;  // null: bytes_ are aligned
};

template <typename T>
struct DataTypeOf;
template <>
struct DataTypeOf<float> {
  static constexpr DataType value = DataType::kFloat;
};
template <>
struct DataTypeOf<double> {
  static constexpr DataType value = DataType::kDouble;
};
template <>
struct DataTypeOf<int8_t> {
  static constexpr DataType value = DataType::kInt8;
};
template <>
struct DataTypeOf<uint8_t> {
  static constexpr DataType value = DataType::kUint8;
};
template <>
struct DataTypeOf<int16_t> {
  static constexpr DataType value = DataType::kInt16;
};
template <>
struct DataTypeOf<uint16_t> {
  static constexpr DataType value = DataType::kUint16;
};
template <>
struct DataTypeOf<int32_t> {
  static constexpr DataType value = DataType::kInt32;
};
template <>
struct DataTypeOf<uint32_t> {
  static constexpr DataType value = DataType::kUint32;
};
template <>
struct DataTypeOf<int64_t> {
  static constexpr DataType value = DataType::kInt64;
};
template <>
struct DataTypeOf<uint64_t> {
  static constexpr DataType value = DataType::kUint64;
};

template <typename T>
Tensor Tensor::of(std::vector<int64_t> extents, const std::vector<T>& values) {
  Tensor t = make(DataTypeOf<T>::value, std::move(extents), [&](std::span<std::byte> out) {
    KASURI_CHECK(out.size() == values.size() * sizeof(T), "element count of a tensor");
    if (!out.empty()) __builtin_memcpy(out.data(), values.data(), out.size());
  });
  return t;
}

}  // namespace kasuri
