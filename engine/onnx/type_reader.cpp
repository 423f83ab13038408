#include "engine/onnx/type_reader.h"

#include <algorithm>

namespace kasuri::onnx {
namespace {

DataType data_type_of(int64_t number) {
  const bool known = number > 0 && number <= static_cast<int64_t>(DataType::kInt2);
  return known ? static_cast<DataType>(number) : DataType::kUndefined;
}

ValueType wrapped(ValueType::Kind kind, const TypeMessage& message) {
  ValueType type;
  type.kind = kind;
  if (kind == ValueType::Kind::kMap) type.dtype = data_type_of(message.element_type);
  type.element = std::make_shared<const ValueType>(message.element ? value_type_of(*message.element)
                                                                   : ValueType());
  return type;
}

}  // namespace

ValueType value_type_of(const TypeMessage& message) {
  using Kind = TypeMessage::Kind;
  switch (message.kind) {
    case Kind::kSequence:
      return wrapped(ValueType::Kind::kSequence, message);
    case Kind::kOptional:
      return wrapped(ValueType::Kind::kOptional, message);
    case Kind::kMap:
      return wrapped(ValueType::Kind::kMap, message);
    case Kind::kTensor:
      break;
    default:
      return {};
  }
  ValueType type = ValueType::tensor(data_type_of(message.element_type));
  if (!message.has_shape) return type;
  type.shape.emplace();
  for (const DimMessage& dim : message.dims) {
    if (dim.value)
      type.shape->push_back(*dim.value >= 0 ? Dim(*dim.value) : Dim::unknown());
    else
      type.shape->push_back(Dim::symbol(std::string(dim.symbol)));
  }
  return type;
}

ValueType without_symbols(ValueType type) {
  if (type.shape)
    for (Dim& dim : *type.shape)
      if (!dim.known()) dim = Dim::unknown();
  if (type.element)
    type.element = std::make_shared<const ValueType>(without_symbols(*type.element));
  return type;
}

std::string clean_text(std::string_view text) {
  if (is_valid_text(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    size_t length = std::min<size_t>(4, text.size());
    while (length > 0 && !is_valid_text(text.substr(0, length))) --length;
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      length = 1;
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace kasuri::onnx
