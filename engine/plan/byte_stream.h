#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace kasuri {

/// Little-endian numbers and strings, one after another.
class ByteWriter {
 public:
  void number(uint64_t value) {
    for (int k = 0; k < 8; ++k) bytes_.push_back(static_cast<char>(value >> (8 * k)));
  }
  void signed_number(int64_t value) { number(static_cast<uint64_t>(value)); }
  void text(std::string_view text) {
    number(text.size());
    bytes_.append(text);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote from bytes nobody vouches for. The first failure sticks: every later
/// read gives zeros, and ok() is false. Counts are bounded by what is left.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  uint64_t number() {
    uint64_t value = 0;
    if (!take(8)) return 0;
    for (int k = 0; k < 8; ++k)
      value |= static_cast<uint64_t>(bytes_[at_ - 8 + static_cast<size_t>(k)]) << (8 * k);
    return value;
  }
  int64_t signed_number() { return static_cast<int64_t>(number()); }
  std::string text() {
    const size_t size = count(1);
    if (!take(size)) return {};
    return {reinterpret_cast<const char*>(bytes_.data() + at_ - size), size};
  }
  /// A number of items of at least `item_bytes` bytes each; 0 and failure if they cannot all be
  /// here.
  size_t count(size_t item_bytes = 8) {
    const uint64_t n = number();
    if (n > (bytes_.size() - at_) / item_bytes) {
      fail();
      return 0;
    }
    return static_cast<size_t>(n);
  }
  /// A number below `limit`; 0 and failure otherwise.
  uint64_t below(uint64_t limit) {
    const uint64_t n = number();
    if (n < limit) return n;
    fail();
    return 0;
  }
  void fail() { ok_ = false; }
  bool ok() const { return ok_; }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  bool take(size_t size) {
    if (!ok_ || size > bytes_.size() - at_) {
      ok_ = false;
      return false;
    }
    at_ += size;
    return true;
  }

  std::span<const std::byte> bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace kasuri
