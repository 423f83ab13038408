#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/ir/data_type.h"
#include "engine/ir/shape.h"

namespace kasuri {

/// What is known of a value before it exists.
struct ValueType {
  enum class Kind : uint8_t { kTensor, kSequence, kOptional, kMap };

  Kind kind = Kind::kTensor;
  DataType dtype = DataType::kUndefined;     ///< Tensor element, or the key type of a map.
  std::optional<Shape> shape;                ///< Tensor only; empty: rank unknown.
  std::shared_ptr<const ValueType> element;  ///< Of a sequence or optional; value of a map.

  static ValueType tensor(DataType dtype, std::optional<Shape> shape = std::nullopt) {
    return {Kind::kTensor, dtype, std::move(shape), nullptr};
  }
  static ValueType sequence(ValueType of) {
    return {Kind::kSequence, DataType::kUndefined, std::nullopt,
            std::make_shared<const ValueType>(std::move(of))};
  }
  static ValueType optional(ValueType of) {
    return {Kind::kOptional, DataType::kUndefined, std::nullopt,
            std::make_shared<const ValueType>(std::move(of))};
  }

  bool is_tensor() const { return kind == Kind::kTensor; }
  /// A tensor whose dtype and every extent are known.
  bool is_static_tensor() const {
    return is_tensor() && dtype != DataType::kUndefined && shape && is_static(*shape);
  }
  std::string text() const;  ///< "float32[1,3,H,W]", "seq(float32[?])"
  bool operator==(const ValueType& other) const;
};

}  // namespace kasuri
