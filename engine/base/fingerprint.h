#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kasuri {

/// 128-bit content hash (XXH3). Equal contents have equal fingerprints on every machine.
struct Fingerprint {
  uint64_t low = 0;
  uint64_t high = 0;

  bool operator==(const Fingerprint&) const = default;
  std::string hex() const;  ///< 32 lower-case digits.
};

/// Collects bytes, numbers and strings (each with its length, so that ("ab","c") != ("a","bc")).
class FingerprintBuilder {
 public:
  FingerprintBuilder();
  ~FingerprintBuilder();
  FingerprintBuilder(const FingerprintBuilder&) = delete;
  FingerprintBuilder& operator=(const FingerprintBuilder&) = delete;

  FingerprintBuilder& add_bytes(std::span<const std::byte> bytes);
  FingerprintBuilder& add(std::string_view text);
  FingerprintBuilder& add(uint64_t number);
  Fingerprint finish() const;

 private:
  void* state_;
};

Fingerprint fingerprint_of(std::span<const std::byte> bytes);
Fingerprint fingerprint_of(std::string_view text);

/// FNV-1a, 64 bit: the seed of synthesised weights and inputs (models/fill_weights.py).
uint64_t fnv1a(std::string_view text);

}  // namespace kasuri
