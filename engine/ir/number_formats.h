#pragma once

#include <cstdint>

#include "engine/ir/data_type.h"

namespace kasuri {

/// What becomes of a magnitude above the largest finite one.
enum class Overflow : bool { kSpecial, kSaturate };

/// Bits of `value` in a 16-, 8- or 4-bit floating format (not E8M0), rounded once, ties to even.
/// kSpecial gives infinity, or NaN where the format has none; kSaturate the largest finite value.
uint32_t encode_float(double value, DataType format, Overflow overflow);

/// The value of `bits` in a 16-, 8- or 4-bit floating format, E8M0 included.
double decode_float(uint32_t bits, DataType format);

/// How a scale is rounded to a power of two.
enum class PowerRounding : uint8_t { kUp, kDown, kNearest };

/// Bits of `value` in float8e8m0 (a power of two; OCP microscaling formats): NaN is 255.
uint32_t encode_power(double value, PowerRounding rounding, Overflow overflow);

/// A floating value as an integer, towards zero; NaN and what int64 cannot hold become INT64_MIN.
int64_t truncate_to_int64(double value);

}  // namespace kasuri
