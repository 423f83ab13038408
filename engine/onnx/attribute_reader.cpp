#include "engine/onnx/graph_reader.h"
#include "engine/onnx/type_reader.h"

namespace kasuri::onnx {
namespace {

/// The kind a file means: the stated one, or in files of IR 1 the field that is set.
int64_t kind_of(const AttributeMessage& a) {
  if (a.type != 0) return a.type;
  if (a.f) return kFloatAttribute;
  if (a.i) return kIntAttribute;
  if (a.s) return kStringAttribute;
  if (!a.tensors.empty()) return a.tensors.size() == 1 ? kTensorAttribute : kTensorsAttribute;
  if (!a.graphs.empty()) return a.graphs.size() == 1 ? kGraphAttribute : kGraphsAttribute;
  if (!a.floats.empty()) return kFloatsAttribute;
  if (!a.strings.empty()) return kStringsAttribute;
  return kIntsAttribute;
}

std::vector<std::string> strings_of(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

template <typename T>
Result<T> only(const std::vector<T>& list, const char* what) {
  if (list.size() != 1)
    return Error(std::string("should hold one ") + what + " and holds " +
                 std::to_string(list.size()));
  return list[0];
}

}  // namespace

Result<Attribute> GraphReader::read_value(const AttributeMessage& a, int64_t kind,
                                          const Scope& scope) {
  std::vector<Tensor> tensors;
  for (const TensorMessage& message : a.tensors) {
    KASURI_TRY_IN(tensors.emplace_back(), tensors_.read(message), "its tensor");
  }
  for (const SparseMessage& message : a.sparse) {
    KASURI_TRY_IN(tensors.emplace_back(), tensors_.read(message), "its sparse tensor");
  }
  std::vector<GraphPointer> graphs;
  for (const GraphMessage& message : a.graphs) {
    KASURI_TRY(graphs.emplace_back(), read_body(message, scope));
  }
  std::vector<ValueType> types;
  for (const TypeMessage& message : a.types)
    types.push_back(without_symbols(value_type_of(message)));
  const auto widen = [](auto result) -> Result<Attribute> {
    if (!result.ok()) return std::move(result).error();
    return Attribute(std::move(result).value());
  };
  switch (kind) {
    case kFloatAttribute:
      return Attribute(a.f.value_or(0.0f));
    case kIntAttribute:
      return Attribute(a.i.value_or(0));
    case kStringAttribute:
      return Attribute(std::string(a.s.value_or("")));
    case kFloatsAttribute:
      return Attribute(a.floats);
    case kIntsAttribute:
      return Attribute(a.ints);
    case kStringsAttribute:
      return Attribute(strings_of(a.strings));
    case kTensorAttribute:
    case kSparseAttribute:
      return widen(only(tensors, "tensor"));
    case kGraphAttribute:
      return widen(only(graphs, "graph"));
    case kTypeAttribute:
      return widen(only(types, "type"));
    case kTensorsAttribute:
    case kSparsesAttribute:
      return Attribute(std::move(tensors));
    case kGraphsAttribute:
      return Attribute(std::move(graphs));
    case kTypesAttribute:
      return Attribute(std::move(types));
    default:
      return Error("has an unknown type " + std::to_string(kind));
  }
}

Result<std::optional<Attribute>> GraphReader::read_attribute(const AttributeMessage& message,
                                                             const Scope& scope) {
  if (message.reference.empty()) {
    KASURI_TRY(Attribute value, read_value(message, kind_of(message), scope));
    return std::optional(std::move(value));
  }
  if (scope.call == nullptr)
    return Error("refers to '" + std::string(message.reference) + "' outside of a function");
  const auto it = scope.call->arguments.find(std::string(message.reference));
  if (it == scope.call->arguments.end()) return std::optional<Attribute>();
  if (std::holds_alternative<GraphPointer>(it->second) && scope.call->builder != &scope.builder)
    return Error("hands a graph on into a body, which is not supported");
  return std::optional(it->second);
}

Result<std::map<std::string, Attribute>> GraphReader::read_attributes(const NodeMessage& message,
                                                                      const Scope& scope) {
  std::map<std::string, Attribute> out;
  for (const AttributeMessage& a : message.attributes) {
    if (a.name.empty()) return Error("has an attribute without a name");
    KASURI_TRY_IN(std::optional<Attribute> value, read_attribute(a, scope),
                  "attribute '" + std::string(a.name) + "'");
    if (value && !out.emplace(a.name, std::move(*value)).second)
      return Error("has the attribute '" + std::string(a.name) + "' twice");
  }
  return out;
}

namespace {

Result<Tensor> tensor_of(const std::string& name, const Attribute& attribute) {
  if (const auto* t = std::get_if<Tensor>(&attribute)) return *t;
  if (const auto* i = std::get_if<int64_t>(&attribute)) return Tensor::scalar<int64_t>(*i);
  if (const auto* f = std::get_if<float>(&attribute)) return Tensor::scalar<float>(*f);
  if (const auto* s = std::get_if<std::string>(&attribute)) return Tensor::strings({}, {*s});
  if (const auto* v = std::get_if<std::vector<int64_t>>(&attribute))
    return Tensor::of<int64_t>({static_cast<int64_t>(v->size())}, *v);
  if (const auto* v = std::get_if<std::vector<float>>(&attribute))
    return Tensor::of<float>({static_cast<int64_t>(v->size())}, *v);
  if (const auto* v = std::get_if<std::vector<std::string>>(&attribute))
    return Tensor::strings({static_cast<int64_t>(v->size())}, *v);
  return Error("attribute '" + name + "' is not a value a constant can have");
}

}  // namespace

Result<Tensor> GraphReader::read_constant(const NodeMessage& message, const Scope& scope) {
  KASURI_TRY(const auto attributes, read_attributes(message, scope));
  for (const auto& [name, attribute] : attributes)
    if (name.rfind("value", 0) == 0 || name == "sparse_value") return tensor_of(name, attribute);
  return Error("a Constant has no value");
}

}  // namespace kasuri::onnx
