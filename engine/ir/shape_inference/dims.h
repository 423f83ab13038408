#pragma once

#include <optional>

#include "engine/ir/shape.h"
#include "engine/ir/value_type.h"

/// Arithmetic on extents that may be unknown: the result is unknown where an operand is.
namespace kasuri::shape_inference {

using MaybeShape = std::optional<Shape>;

/// Known, with an overflow or a negative result counted as unknown.
Dim sum(const Dim& a, const Dim& b);
Dim difference(const Dim& a, const Dim& b);
Dim product(const Dim& a, const Dim& b);
/// Rounded down; `b` > 0.
Dim quotient(const Dim& a, int64_t b);
/// Product of all extents in [begin, end).
Dim product(const Shape& shape, size_t begin, size_t end);

/// Both are numbers and differ.
bool conflict(const Dim& a, const Dim& b);
/// The one that says more: a number, else a symbol, else unknown.
Dim refine(const Dim& a, const Dim& b);
/// What holds for both: the extent if equal, else unknown.
Dim widen(const Dim& a, const Dim& b);
ValueType widen(const ValueType& a, const ValueType& b);

/// Multidirectional broadcasting of two shapes; empty optional when they do not fit.
std::optional<Shape> broadcast(const Shape& a, const Shape& b);

/// A shape of `rank` unknown extents.
inline Shape unknown_shape(size_t rank) { return Shape(rank); }

}  // namespace kasuri::shape_inference
