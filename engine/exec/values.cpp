#include "engine/exec/values.h"

#include <cstring>

namespace kasuri {
namespace {

Tensor copy_of(const Tensor& tensor) {
  return Tensor::make(tensor.dtype(), tensor.extents(), [&](std::span<std::byte> to) {
    if (!to.empty()) std::memcpy(to.data(), tensor.bytes().data(), to.size());
  });
}

}  // namespace

RuntimeValue detached(const RuntimeValue& value) {
  if (value.is_sequence()) {
    TensorSequence items;
    for (const RuntimeValue& item : value.items()) items.push_back(detached(item));
    RuntimeValue out = RuntimeValue::sequence(std::move(items));
    out.is_optional = value.is_optional;
    return out;
  }
  if (!value.is_tensor() || value.tensor().owns_memory() ||
      value.tensor().dtype() == DataType::kString)
    return value;
  RuntimeValue out = copy_of(value.tensor());
  out.is_optional = value.is_optional;
  return out;
}

Tensor aligned(const Tensor& tensor) {
  const auto address = reinterpret_cast<uintptr_t>(tensor.bytes().data());
  return address % kInputAlignment == 0 ? tensor : copy_of(tensor);
}

std::string text_of(const Tensor& tensor) {
  return std::string(name_of(tensor.dtype())) + kasuri::text_of(shape_of(tensor.extents()));
}

bool accepts(const ValueType& type, const Tensor& tensor) {
  if (type.dtype != DataType::kUndefined && type.dtype != tensor.dtype()) return false;
  if (!type.shape) return true;
  if (type.shape->size() != tensor.extents().size()) return false;
  for (size_t k = 0; k < type.shape->size(); ++k)
    if ((*type.shape)[k].known() && (*type.shape)[k].value() != tensor.extents()[k]) return false;
  return true;
}

int64_t held_bytes(const RuntimeValue& value) {
  int64_t total = 0;
  if (value.is_sequence())
    for (const RuntimeValue& item : value.items()) total += held_bytes(item);
  if (!value.is_tensor()) return total;
  const Tensor& tensor = value.tensor();
  if (tensor.dtype() != DataType::kString)
    return static_cast<int64_t>(tensor.stored_bytes().size());
  for (const std::string& text : tensor.strings()) total += static_cast<int64_t>(text.size());
  return total;
}

Tensor row_major_copy(const PlanBuffer& buffer, const std::byte* from) {
  const std::vector<int64_t> extents = *extents_of(*buffer.type.shape);
  return Tensor::make(buffer.type.dtype, extents, [&](std::span<std::byte> to) {
    if (to.empty()) return;
    if (buffer.axis_order.empty()) {
      std::memcpy(to.data(), from, to.size());
      return;
    }
    const size_t size = static_cast<size_t>(bits_of(buffer.type.dtype)) / 8;
    std::vector<int64_t> strides(extents.size(), 1), at(extents.size(), 0);
    int64_t stride = 1;
    for (size_t k = extents.size(); k-- > 0;) {
      strides[buffer.axis_order[k]] = stride;
      stride *= extents[buffer.axis_order[k]];
    }
    for (size_t i = 0; i < to.size() / size; ++i) {
      int64_t offset = 0;
      for (size_t k = 0; k < at.size(); ++k) offset += at[k] * strides[k];
      std::memcpy(to.data() + i * size, from + offset * static_cast<int64_t>(size), size);
      for (size_t k = at.size(); k-- > 0 && ++at[k] == extents[k];) at[k] = 0;
    }
  });
}

}  // namespace kasuri
