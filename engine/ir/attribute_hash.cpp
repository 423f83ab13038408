#include "engine/ir/attribute_hash.h"

#include <cmath>
#include <limits>

namespace kasuri {
namespace {

constexpr size_t kHashedMappedBytes = 64 << 10;

template <typename T>
void add_one(FingerprintBuilder& b, const T& value) {
  if constexpr (std::is_same_v<T, int64_t>) {
    b.add(static_cast<uint64_t>(value));
  } else if constexpr (std::is_same_v<T, float>) {
    const float one = std::isnan(value) ? std::numeric_limits<float>::quiet_NaN() : value;
    b.add_bytes(std::as_bytes(std::span(&one, 1)));
  } else if constexpr (std::is_same_v<T, std::string>) {
    b.add(std::string_view(value));
  } else if constexpr (std::is_same_v<T, Tensor>) {
    add_to(b, value);
  } else if constexpr (std::is_same_v<T, GraphPointer>) {
    b.add(value ? value->fingerprint().hex() : std::string());
  } else if constexpr (std::is_same_v<T, ValueType>) {
    b.add(value.text());
  } else {
    b.add(value.size());
    for (const auto& v : value) add_one(b, v);
  }
}

}  // namespace

void add_to(FingerprintBuilder& builder, const Attribute& attribute) {
  builder.add(attribute.index());
  std::visit([&](const auto& value) { add_one(builder, value); }, attribute);
}

void add_to(FingerprintBuilder& builder, const Tensor& tensor) {
  if (!tensor.owns_memory() && tensor.stored_bytes().size() > kHashedMappedBytes) {
    builder.add(static_cast<uint64_t>(tensor.dtype()));
    for (int64_t e : tensor.extents()) builder.add(static_cast<uint64_t>(e));
    builder.add(reinterpret_cast<uintptr_t>(tensor.stored_bytes().data()));
    return;
  }
  const Fingerprint f = tensor.fingerprint();
  builder.add(f.low).add(f.high);
}

bool equal(const Attribute& a, const Attribute& b) {
  if (a.index() != b.index()) return false;
  FingerprintBuilder left, right;
  add_to(left, a);
  add_to(right, b);
  return left.finish() == right.finish();
}

}  // namespace kasuri
