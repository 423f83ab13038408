#include "engine/codegen/library.h"

#include <cmath>
#include <cstdint>

#if defined(__x86_64__)
__extension__ typedef _Float16 Half;
extern "C" float __extendhfsf2(Half);  // NOLINT: the compiler's own names
extern "C" Half __truncsfhf2(float);   // NOLINT
#endif

namespace kasuri::codegen {
namespace {

template <typename F>
void* address_of(F* function) {
  return reinterpret_cast<void*>(function);
}

uint64_t unsigned_power(uint64_t base, uint64_t exponent) {
  uint64_t result = 1;
  for (uint64_t square = base; exponent != 0; exponent >>= 1, square *= square)
    if (exponent & 1) result *= square;
  return result;
}

int64_t power(int64_t base, int64_t exponent) {
  if (exponent >= 0)
    return static_cast<int64_t>(
        unsigned_power(static_cast<uint64_t>(base), static_cast<uint64_t>(exponent)));
  if (base == 1) return 1;
  return base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
}

#define KASURI_UNARY(name)                                                                 \
  {"kasuri_" #name "f", address_of<float(float)>([](float x) { return std::name(x); })}, { \
    "kasuri_" #name, address_of<double(double)>([](double x) { return std::name(x); })     \
  }
#define KASURI_BINARY(name)                                                                    \
  {"kasuri_" #name "f",                                                                        \
   address_of<float(float, float)>([](float x, float y) { return std::name(x, y); })},         \
  {                                                                                            \
    "kasuri_" #name,                                                                           \
        address_of<double(double, double)>([](double x, double y) { return std::name(x, y); }) \
  }

/// Called by the code generator itself where the machine has no instruction.
#define KASURI_ROUNDING(name, function)                                              \
  {#name "f", address_of<float(float)>([](float x) { return std::function(x); })}, { \
    #name, address_of<double(double)>([](double x) { return std::function(x); })     \
  }

const LibraryFunction kFunctions[] = {KASURI_UNARY(exp),
                                      KASURI_UNARY(expm1),
                                      KASURI_UNARY(log),
                                      KASURI_UNARY(log1p),
                                      KASURI_UNARY(erf),
                                      KASURI_UNARY(tanh),
                                      KASURI_UNARY(sin),
                                      KASURI_UNARY(cos),
                                      KASURI_UNARY(tan),
                                      KASURI_UNARY(asin),
                                      KASURI_UNARY(acos),
                                      KASURI_UNARY(atan),
                                      KASURI_UNARY(sinh),
                                      KASURI_UNARY(cosh),
                                      KASURI_UNARY(asinh),
                                      KASURI_UNARY(acosh),
                                      KASURI_UNARY(atanh),
                                      KASURI_BINARY(pow),
                                      KASURI_BINARY(fmod),
                                      KASURI_BINARY(atan2),
                                      KASURI_ROUNDING(floor, floor),
                                      KASURI_ROUNDING(ceil, ceil),
                                      KASURI_ROUNDING(trunc, trunc),
                                      KASURI_ROUNDING(roundeven, nearbyint),
#if defined(__x86_64__)
                                      {"__extendhfsf2", address_of(&__extendhfsf2)},
                                      {"__truncsfhf2", address_of(&__truncsfhf2)},
#endif
                                      {"kasuri_power", address_of(&power)},
                                      {"kasuri_unsigned_power", address_of(&unsigned_power)}};

#undef KASURI_UNARY
#undef KASURI_BINARY
#undef KASURI_ROUNDING

}  // namespace

std::span<const LibraryFunction> library_functions() { return kFunctions; }

}  // namespace kasuri::codegen
