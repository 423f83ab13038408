#include "engine/onnx/message_writer.h"

#include "engine/onnx/messages.h"
#include "onnx.pb.h"

namespace kasuri::onnx {

namespace pb = kasuri::onnx_proto;

WireWriter write_entry(const std::string& key, const std::string& value) {
  WireWriter out;
  out.text(pb::StringStringEntryProto::kKeyFieldNumber, key);
  out.text(pb::StringStringEntryProto::kValueFieldNumber, value);
  return out;
}

WireWriter write_opset(const std::string& domain, int version) {
  WireWriter out;
  out.text(pb::OperatorSetIdProto::kDomainFieldNumber, domain);
  out.integer(pb::OperatorSetIdProto::kVersionFieldNumber, version);
  return out;
}

WireWriter write_tensor(const std::string& name, const Tensor& tensor, const ExternalSink& sink) {
  using M = pb::TensorProto;
  WireWriter out;
  if (!tensor.extents().empty()) out.integers(M::kDimsFieldNumber, tensor.extents());
  out.integer(M::kDataTypeFieldNumber, static_cast<int64_t>(tensor.dtype()));
  if (!name.empty()) out.text(M::kNameFieldNumber, name);
  if (tensor.dtype() == DataType::kString) {
    for (const std::string& s : tensor.strings()) out.text(M::kStringDataFieldNumber, s);
  } else if (!sink || !sink(tensor, out)) {
    out.view(M::kRawDataFieldNumber, tensor.stored_bytes());
  }
  return out;
}

namespace {

WireWriter write_shape(const Shape& shape) {
  using M = pb::TensorShapeProto;
  WireWriter out;
  for (const Dim& dim : shape) {
    WireWriter d;
    if (dim.known())
      d.integer(M::Dimension::kDimValueFieldNumber, dim.value());
    else if (!dim.symbol().empty())
      d.text(M::Dimension::kDimParamFieldNumber, dim.symbol());
    out.message(M::kDimFieldNumber, std::move(d));
  }
  return out;
}

}  // namespace

WireWriter write_type(const ValueType& type) {
  using M = pb::TypeProto;
  WireWriter out, inner;
  const auto element = [&](uint32_t field) {
    if (type.element) inner.message(field, write_type(*type.element));
  };
  switch (type.kind) {
    case ValueType::Kind::kTensor:
      if (type.dtype == DataType::kUndefined && !type.shape) return out;
      inner.integer(M::Tensor::kElemTypeFieldNumber, static_cast<int64_t>(type.dtype));
      if (type.shape) inner.message(M::Tensor::kShapeFieldNumber, write_shape(*type.shape));
      out.message(M::kTensorTypeFieldNumber, std::move(inner));
      break;
    case ValueType::Kind::kSequence:
      element(M::Sequence::kElemTypeFieldNumber);
      out.message(M::kSequenceTypeFieldNumber, std::move(inner));
      break;
    case ValueType::Kind::kOptional:
      element(M::Optional::kElemTypeFieldNumber);
      out.message(M::kOptionalTypeFieldNumber, std::move(inner));
      break;
    case ValueType::Kind::kMap:
      inner.integer(M::Map::kKeyTypeFieldNumber, static_cast<int64_t>(type.dtype));
      element(M::Map::kValueTypeFieldNumber);
      out.message(M::kMapTypeFieldNumber, std::move(inner));
      break;
  }
  return out;
}

WireWriter write_value(const std::string& name, const ValueType& type) {
  WireWriter out;
  out.text(pb::ValueInfoProto::kNameFieldNumber, name);
  WireWriter t = write_type(type);
  if (t.size() > 0) out.message(pb::ValueInfoProto::kTypeFieldNumber, std::move(t));
  return out;
}

namespace {

using BodyWriter = std::function<WireWriter(const Graph&)>;
using A = pb::AttributeProto;

/// One overload per alternative of Attribute; each returns the attribute's type number.
struct AttributeWriter {
  WireWriter& out;
  const BodyWriter& body;

  int64_t operator()(int64_t v) { return out.integer(A::kIFieldNumber, v), kIntAttribute; }
  int64_t operator()(float v) { return out.real(A::kFFieldNumber, v), kFloatAttribute; }
  int64_t operator()(const std::string& v) {
    return out.text(A::kSFieldNumber, v), kStringAttribute;
  }
  int64_t operator()(const Tensor& v) {
    return out.message(A::kTFieldNumber, write_tensor("", v, nullptr)), kTensorAttribute;
  }
  int64_t operator()(const GraphPointer& v) {
    return out.message(A::kGFieldNumber, body(*v)), kGraphAttribute;
  }
  int64_t operator()(const ValueType& v) {
    return out.message(A::kTpFieldNumber, write_type(v)), kTypeAttribute;
  }
  int64_t operator()(const std::vector<int64_t>& v) {
    for (int64_t i : v) out.integer(A::kIntsFieldNumber, i);
    return kIntsAttribute;
  }
  int64_t operator()(const std::vector<float>& v) {
    for (float f : v) out.real(A::kFloatsFieldNumber, f);
    return kFloatsAttribute;
  }
  int64_t operator()(const std::vector<std::string>& v) {
    for (const std::string& s : v) out.text(A::kStringsFieldNumber, s);
    return kStringsAttribute;
  }
  int64_t operator()(const std::vector<Tensor>& v) {
    for (const Tensor& t : v) out.message(A::kTensorsFieldNumber, write_tensor("", t, nullptr));
    return kTensorsAttribute;
  }
  int64_t operator()(const std::vector<GraphPointer>& v) {
    for (const GraphPointer& g : v) out.message(A::kGraphsFieldNumber, body(*g));
    return kGraphsAttribute;
  }
  int64_t operator()(const std::vector<ValueType>& v) {
    for (const ValueType& t : v) out.message(A::kTypeProtosFieldNumber, write_type(t));
    return kTypesAttribute;
  }
};

}  // namespace

WireWriter write_attribute(const std::string& name, const Attribute& attribute,
                           const BodyWriter& body) {
  WireWriter out;
  out.text(A::kNameFieldNumber, name);
  const int64_t type = std::visit(AttributeWriter{out, body}, attribute);
  out.integer(A::kTypeFieldNumber, type);
  return out;
}

}  // namespace kasuri::onnx
