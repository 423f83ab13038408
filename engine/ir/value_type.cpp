#include "engine/ir/value_type.h"

namespace kasuri {

std::string ValueType::text() const {
  const std::string inner = element ? element->text() : "?";
  switch (kind) {
    case Kind::kTensor:
      return std::string(name_of(dtype)) + (shape ? text_of(*shape) : "[...]");
    case Kind::kSequence:
      return "seq(" + inner + ")";
    case Kind::kOptional:
      return "optional(" + inner + ")";
    case Kind::kMap:
      return "map(" + std::string(name_of(dtype)) + "," + inner + ")";
  }
  return "?";
}

bool ValueType::operator==(const ValueType& other) const {
  if (kind != other.kind || dtype != other.dtype || shape != other.shape) return false;
  if (!element || !other.element) return !element && !other.element;
  return *element == *other.element;
}

}  // namespace kasuri
