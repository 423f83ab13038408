#include "engine/ir/tensor.h"

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

#include "engine/base/mapped_file.h"
#include "engine/base/memory_use.h"
#include "engine/ir/shape.h"

namespace kasuri {
namespace {

constexpr size_t kAlignment = 64;
/// Of a tensor beside its elements: allocator, reference counts, extents.
constexpr int64_t kOverhead = 192;

std::shared_ptr<std::byte> allocate(size_t bytes) {
  const size_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  void* p = std::aligned_alloc(kAlignment, rounded == 0 ? kAlignment : rounded);
  if (p == nullptr) throw std::bad_alloc();
  const int64_t counted = static_cast<int64_t>(rounded) + kOverhead;
  add_live_tensor_bytes(counted);
  return {static_cast<std::byte*>(p), [counted](std::byte* q) {
            std::free(q);
            add_live_tensor_bytes(-counted);
          }};
}

std::shared_ptr<const void> keep(std::vector<std::string> values) {
  int64_t bytes = kOverhead;
  for (const std::string& s : values) bytes += static_cast<int64_t>(sizeof(s) + s.capacity());
  add_live_tensor_bytes(bytes);
  return {new std::vector<std::string>(std::move(values)), [bytes](std::vector<std::string>* p) {
            delete p;
            add_live_tensor_bytes(-bytes);
          }};
}

int64_t checked_count(const std::vector<int64_t>& extents) {
  const auto count = element_count(extents);
  KASURI_CHECK(count.has_value(), "extents of a tensor");
  return *count;
}

/// Natural alignment of one element, in bytes.
size_t alignment_of(DataType dtype) {
  const int bits = bits_of(dtype);
  if (dtype == DataType::kComplex64 || dtype == DataType::kComplex128) return bits / 16;
  return bits > 8 ? static_cast<size_t>(bits) / 8 : 1;
}

}  // namespace

struct Tensor::Aligner {
  std::once_flag once;
  std::shared_ptr<std::byte> copy;
};

std::span<const std::byte> Tensor::aligned_bytes() const {
  std::call_once(aligner_->once, [&] {
    aligner_->copy = allocate(bytes_.size());
    std::memcpy(aligner_->copy.get(), bytes_.data(), bytes_.size());
  });
  return {aligner_->copy.get(), bytes_.size()};
}

Tensor Tensor::make(DataType dtype, std::vector<int64_t> extents,
                    const std::function<void(std::span<std::byte>)>& fill) {
  Tensor t;
  t.dtype_ = dtype;
  t.owned_ = true;
  t.count_ = checked_count(extents);
  t.extents_ = std::move(extents);
  const size_t size = bytes_for(dtype, t.count_);
  std::shared_ptr<std::byte> storage = allocate(size);
  const std::span<std::byte> bytes(storage.get(), size);
  if (fill)
    fill(bytes);
  else if (size > 0)
    std::memset(bytes.data(), 0, size);
  t.bytes_ = bytes;
  t.owner_ = std::move(storage);
  return t;
}

Tensor Tensor::view(DataType dtype, std::vector<int64_t> extents, std::span<const std::byte> bytes,
                    std::shared_ptr<const void> owner) {
  Tensor t;
  t.dtype_ = dtype;
  t.count_ = checked_count(extents);
  t.extents_ = std::move(extents);
  KASURI_CHECK(bytes.size() >= bytes_for(dtype, t.count_), "bytes of a tensor view");
  t.bytes_ = bytes.first(bytes_for(dtype, t.count_));
  t.owner_ = std::move(owner);
  if (reinterpret_cast<uintptr_t>(t.bytes_.data()) % alignment_of(dtype) != 0)
    t.aligner_ = std::make_shared<Aligner>();
  return t;
}

Tensor Tensor::strings(std::vector<int64_t> extents, std::vector<std::string> values) {
  Tensor t;
  t.dtype_ = DataType::kString;
  t.owned_ = true;
  t.count_ = checked_count(extents);
  KASURI_CHECK(static_cast<size_t>(t.count_) == values.size(), "count of a string tensor");
  t.extents_ = std::move(extents);
  t.owner_ = keep(std::move(values));
  return t;
}

const std::vector<std::string>& Tensor::strings() const {
  KASURI_CHECK(dtype_ == DataType::kString, "strings() of a numeric tensor");
  return *static_cast<const std::vector<std::string>*>(owner_.get());
}

Tensor Tensor::reshaped(std::vector<int64_t> extents) const {
  KASURI_CHECK(checked_count(extents) == count_, "reshaped() keeps the element count");
  Tensor t = *this;
  t.extents_ = std::move(extents);
  return t;
}

Fingerprint Tensor::fingerprint() const {
  FingerprintBuilder b;
  b.add(static_cast<uint64_t>(dtype_)).add(extents_.size());
  for (int64_t e : extents_) b.add(static_cast<uint64_t>(e));
  if (dtype_ == DataType::kString)
    for (const std::string& s : strings()) b.add(s);
  else
    b.add_bytes(bytes_);
  if (!owned_) release_pages(bytes_);  // a file read once for its hash need not stay resident
  return b.finish();
}

}  // namespace kasuri
