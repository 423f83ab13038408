#pragma once

#include <optional>
#include <string>

#include "engine/ir/runtime_value.h"

namespace kasuri::testing {

/// |a - b| <= absolute + relative * |b|; NaN equals NaN, infinities of one sign are equal.
struct Tolerance {
  double relative = 1e-3;
  double absolute = 1e-7;
};

/// Why `actual` is not `expected` (kinds, types, extents, the worst element); empty: it is.
/// Integers, booleans and strings must be equal.
std::optional<std::string> difference(const RuntimeValue& actual, const RuntimeValue& expected,
                                      Tolerance tolerance = {});

}  // namespace kasuri::testing
