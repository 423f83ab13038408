#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/ir/tensor.h"

namespace kasuri {

/// How a weight is used; decides the fan-in of its made-up values.
enum class WeightUse : uint8_t {
  kOther,      ///< fan_in = product(dims[1:])
  kMatrix,     ///< Input 1 of MatMul, or of Gemm with transB = 0: fan_in = dims[-2].
  kEmbedding,  ///< Input 0 of Gather: fan_in = dims[-1].
};

/// At least 1; saturates instead of overflowing.
int64_t fan_in(const std::vector<int64_t>& dims, WeightUse use);

/// Element `index` of the stream every made-up number comes from: splitmix64 seeded with FNV-1a of
/// the name (models/fill_weights.py).
uint64_t seeded_bits(uint64_t seed, uint64_t index);
/// float32(z >> 40) * 2^-24 * 2 - 1, in [-1, 1).
float seeded_unit(uint64_t seed, uint64_t index);

/// Fills `out` with elements [first, first + n) of the weight called `name`:
///   float32: float32(double(unit) * sqrt(6 / fan_in))
///   uint8: (z >> 40) % 256;  int8: (z >> 40) % 255 - 127;  int32: 0
/// Other floating types are the float32 value rounded (double: widened); other types are 0.
void fill_weights(std::string_view name, DataType dtype, int64_t fan_in, std::span<std::byte> out,
                  uint64_t first = 0);

}  // namespace kasuri
