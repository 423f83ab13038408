#pragma once

#include "engine/lower/context.h"

namespace kasuri::lower {

/// (code - zero) * scale in the scale's type; `zero` may be null.
Scalar decoded(const Scalar& code, const Scalar& scale, const Scalar& zero);

/// saturate(round_half_even(x / scale) + zero) as codes of `to` (16 bits at most); `zero` may be
/// null; x is of the scale's type.
Scalar encoded(const Scalar& x, const Scalar& scale, const Scalar& zero, DataType to);

}  // namespace kasuri::lower
