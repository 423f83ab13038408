#include "engine/base/fingerprint.h"

#include <xxhash.h>

#include <cstdio>

namespace kasuri {
namespace {

XXH3_state_t* state_of(void* p) { return static_cast<XXH3_state_t*>(p); }

Fingerprint from(XXH128_hash_t h) { return {h.low64, h.high64}; }

}  // namespace

std::string Fingerprint::hex() const {
  char buffer[33];
  std::snprintf(buffer, sizeof buffer, "%016llx%016llx", static_cast<unsigned long long>(high),
                static_cast<unsigned long long>(low));
  return buffer;
}

FingerprintBuilder::FingerprintBuilder() : state_(XXH3_createState()) {
  XXH3_128bits_reset(state_of(state_));
}
FingerprintBuilder::~FingerprintBuilder() { XXH3_freeState(state_of(state_)); }

FingerprintBuilder& FingerprintBuilder::add_bytes(std::span<const std::byte> bytes) {
  add(bytes.size());
  XXH3_128bits_update(state_of(state_), bytes.data(), bytes.size());
  return *this;
}
FingerprintBuilder& FingerprintBuilder::add(std::string_view text) {
  return add_bytes(std::as_bytes(std::span(text.data(), text.size())));
}
FingerprintBuilder& FingerprintBuilder::add(uint64_t number) {
  XXH3_128bits_update(state_of(state_), &number, sizeof number);
  return *this;
}
Fingerprint FingerprintBuilder::finish() const {
  return from(XXH3_128bits_digest(state_of(state_)));
}

Fingerprint fingerprint_of(std::span<const std::byte> bytes) {
  return from(XXH3_128bits(bytes.data(), bytes.size()));
}
Fingerprint fingerprint_of(std::string_view text) {
  return from(XXH3_128bits(text.data(), text.size()));
}

uint64_t fnv1a(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ull;
  for (unsigned char c : text) hash = (hash ^ c) * 0x100000001b3ull;
  return hash;
}

}  // namespace kasuri
