#include "engine/ir/shape_inference/dims.h"

#include <algorithm>

namespace kasuri::shape_inference {

Dim sum(const Dim& a, const Dim& b) {
  if (a.known() && a.value() == 0) return b;
  if (b.known() && b.value() == 0) return a;
  int64_t out = 0;
  if (!a.known() || !b.known() || __builtin_add_overflow(a.value(), b.value(), &out)) return {};
  return Dim(out);
}

Dim difference(const Dim& a, const Dim& b) {
  if (b.known() && b.value() == 0) return a;
  if (!a.known() || !b.known() || a.value() < b.value()) return {};
  return Dim(a.value() - b.value());
}

Dim product(const Dim& a, const Dim& b) {
  if (a.known() && a.value() == 1) return b;
  if (b.known() && b.value() == 1) return a;
  int64_t out = 0;
  if (!a.known() || !b.known() || __builtin_mul_overflow(a.value(), b.value(), &out)) return {};
  return Dim(out);
}

Dim quotient(const Dim& a, int64_t b) {
  if (b == 1) return a;
  return a.known() && b > 0 ? Dim(a.value() / b) : Dim();
}

Dim product(const Shape& shape, size_t begin, size_t end) {
  Dim out(1);
  for (size_t i = begin; i < end && i < shape.size(); ++i) out = product(out, shape[i]);
  return out;
}

bool conflict(const Dim& a, const Dim& b) {
  return a.known() && b.known() && a.value() != b.value();
}

Dim refine(const Dim& a, const Dim& b) {
  if (a.known()) return a;
  if (b.known()) return b;
  return a.symbol().empty() ? b : a;
}

Dim widen(const Dim& a, const Dim& b) { return a == b ? a : Dim(); }

ValueType widen(const ValueType& a, const ValueType& b) {
  if (a.kind != b.kind) return {};
  ValueType out;
  out.kind = a.kind;
  out.dtype = a.dtype == b.dtype ? a.dtype : DataType::kUndefined;
  if (a.shape && b.shape && a.shape->size() == b.shape->size()) {
    out.shape = *a.shape;
    for (size_t i = 0; i < out.shape->size(); ++i)
      (*out.shape)[i] = widen((*a.shape)[i], (*b.shape)[i]);
  }
  if (a.element && b.element)
    out.element = std::make_shared<const ValueType>(widen(*a.element, *b.element));
  return out;
}

namespace {

/// False when the extents do not fit.
bool broadcast_dim(const Dim& a, const Dim& b, Dim& out) {
  if (a == b || (b.known() && b.value() == 1)) {
    out = a;
    return a == b || !a.known() || b.value() == 1;
  }
  if (a.known() && a.value() == 1) {
    out = b;
    return true;
  }
  if (conflict(a, b)) return false;
  out = a.known() ? a : (b.known() ? b : Dim());
  return true;
}

}  // namespace

std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
  const Shape& longer = a.size() >= b.size() ? a : b;
  const Shape& shorter = a.size() >= b.size() ? b : a;
  Shape out = longer;
  const size_t shift = longer.size() - shorter.size();
  for (size_t i = 0; i < shorter.size(); ++i)
    if (!broadcast_dim(longer[i + shift], shorter[i], out[i + shift])) return std::nullopt;
  return out;
}

}  // namespace kasuri::shape_inference
