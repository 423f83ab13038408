#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "engine/ir/tensor.h"
#include "engine/ir/value_type.h"

namespace kasuri {

struct RuntimeValue;
using TensorSequence = std::vector<RuntimeValue>;

/// What a value holds while a model runs: a tensor, a sequence, or an optional (empty or not). A
/// map is held as the sequence of two tensors: its keys and its values. A default-made RuntimeValue
/// is an absent optional input.
struct RuntimeValue {
  std::variant<std::monostate, Tensor, std::shared_ptr<const TensorSequence>> data;
  bool is_optional = false;  ///< Made by Optional; absent data then means an empty optional.

  RuntimeValue() = default;
  RuntimeValue(Tensor tensor) : data(std::move(tensor)) {}  // NOLINT(google-explicit-constructor)
  static RuntimeValue sequence(TensorSequence items) {
    RuntimeValue v;
    v.data = std::make_shared<const TensorSequence>(std::move(items));
    return v;
  }

  bool present() const { return data.index() != 0; }
  bool is_tensor() const { return std::holds_alternative<Tensor>(data); }
  bool is_sequence() const { return data.index() == 2; }
  const Tensor& tensor() const {
    KASURI_CHECK(is_tensor(), "tensor() of a runtime value");
    return std::get<Tensor>(data);
  }
  const TensorSequence& items() const {
    KASURI_CHECK(is_sequence(), "items() of a runtime value");
    return *std::get<2>(data);
  }
};

}  // namespace kasuri
