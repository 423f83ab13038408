#include "engine/ir/seeded_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace kasuri {
namespace {

/// Nearest-even rounding of the upper 16 bits.
uint16_t bfloat16_of(float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  return static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

/// Nearest-even; subnormals included, overflow stays at the largest finite value.
uint16_t float16_of(float value) {
  const float magnitude = std::fabs(value);
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (magnitude == 0) return sign;
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  const int step = std::max(exponent - 11, -24);
  const auto units = static_cast<uint32_t>(std::nearbyint(std::ldexp(magnitude, -step)));
  const uint32_t base = static_cast<uint32_t>(step + 24) << 10;
  return static_cast<uint16_t>(sign | std::min<uint32_t>(base + units, 0x7BFF));
}

template <typename T, typename F>
void fill(std::span<std::byte> out, F&& value_at) {
  const size_t count = out.size() / sizeof(T);
  for (size_t i = 0; i < count; ++i) {
    const T value = static_cast<T>(value_at(i));
    std::memcpy(out.data() + i * sizeof(T), &value, sizeof(T));
  }
}

}  // namespace

uint64_t seeded_bits(uint64_t seed, uint64_t index) {
  uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

float seeded_unit(uint64_t seed, uint64_t index) {
  return static_cast<float>(seeded_bits(seed, index) >> 40) * 0x1p-24f * 2.0f - 1.0f;
}

int64_t fan_in(const std::vector<int64_t>& dims, WeightUse use) {
  int64_t product = 1;
  if (use == WeightUse::kMatrix && dims.size() >= 2) {
    product = dims[dims.size() - 2];
  } else if (use == WeightUse::kEmbedding && !dims.empty()) {
    product = dims.back();
  } else {
    for (size_t i = 1; i < dims.size(); ++i)
      if (__builtin_mul_overflow(product, dims[i], &product))
        return std::numeric_limits<int64_t>::max();
  }
  return std::max<int64_t>(1, product);
}

void fill_weights(std::string_view name, DataType dtype, int64_t fan_in, std::span<std::byte> out,
                  uint64_t first) {
  const uint64_t seed = fnv1a(name);
  const double scale = std::sqrt(6.0 / static_cast<double>(std::max<int64_t>(1, fan_in)));
  const auto real = [&](size_t i) {
    return static_cast<float>(static_cast<double>(seeded_unit(seed, first + i)) * scale);
  };
  const auto whole = [&](size_t i) { return seeded_bits(seed, first + i) >> 40; };
  switch (dtype) {
    case DataType::kFloat:
      return fill<float>(out, real);
    case DataType::kDouble:
      return fill<double>(out, real);
    case DataType::kFloat16:
      return fill<uint16_t>(out, [&](size_t i) { return float16_of(real(i)); });
    case DataType::kBfloat16:
      return fill<uint16_t>(out, [&](size_t i) { return bfloat16_of(real(i)); });
    case DataType::kUint8:
      return fill<uint8_t>(out, [&](size_t i) { return whole(i) % 256; });
    case DataType::kInt8:
      return fill<int8_t>(out, [&](size_t i) { return static_cast<int>(whole(i) % 255) - 127; });
    default:
      if (!out.empty()) std::memset(out.data(), 0, out.size());
  }
}

}  // namespace kasuri
