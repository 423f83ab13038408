#include "engine/codegen/library.h"

#include <cmath>

namespace kasuri::codegen {
namespace {

template <typename F>
void* address_of(F* function) {
  return reinterpret_cast<void*>(function);
}

#define KASURI_UNARY(name)                                                                      \
  {"kasuri_" #name "f", address_of<float(float)>([](float x) { return std::name(x); })},       \
  {"kasuri_" #name, address_of<double(double)>([](double x) { return std::name(x); })}
#define KASURI_BINARY(name)                                                                     \
  {"kasuri_" #name "f",                                                                        \
   address_of<float(float, float)>([](float x, float y) { return std::name(x, y); })},         \
  {"kasuri_" #name,                                                                            \
   address_of<double(double, double)>([](double x, double y) { return std::name(x, y); })}

const LibraryFunction kFunctions[] = {
    KASURI_UNARY(exp),   KASURI_UNARY(expm1), KASURI_UNARY(log),   KASURI_UNARY(log1p),
    KASURI_UNARY(erf),   KASURI_UNARY(tanh),  KASURI_UNARY(sin),   KASURI_UNARY(cos),
    KASURI_UNARY(tan),   KASURI_UNARY(asin),  KASURI_UNARY(acos),  KASURI_UNARY(atan),
    KASURI_UNARY(sinh),  KASURI_UNARY(cosh),  KASURI_UNARY(asinh), KASURI_UNARY(acosh),
    KASURI_UNARY(atanh), KASURI_BINARY(pow),  KASURI_BINARY(fmod), KASURI_BINARY(atan2)};

#undef KASURI_UNARY
#undef KASURI_BINARY

}  // namespace

std::span<const LibraryFunction> library_functions() { return kFunctions; }

}  // namespace kasuri::codegen
