#include "engine/onnx/message_reader.h"

#include "engine/base/mapped_file.h"
#include "engine/onnx/field_reader.h"
#include "onnx.pb.h"

namespace kasuri::onnx {
namespace {

namespace pb = kasuri::onnx_proto;

constexpr size_t kLargePayload = 1 << 20;

/// Recursive descent over the wire. Every function returns false after damage; error_ says what.
class MessageReader : public FieldReader {
 public:
  bool read(Bytes bytes, ModelMessage& out);
  bool read(Bytes bytes, TensorMessage& out);

 private:
  template <typename T>
  bool append(std::vector<T>& list, const Field& field);
  template <typename T>
  bool message(T& out, const Field& field);

  bool read(Bytes bytes, Entry& out);
  bool read(Bytes bytes, OpsetMessage& out);
  bool read(Bytes bytes, SparseMessage& out);
  bool read(Bytes bytes, DimMessage& out);
  bool read(Bytes bytes, TypeMessage& out);
  bool read(Bytes bytes, ValueMessage& out);
  bool read(Bytes bytes, AttributeMessage& out);
  bool read(Bytes bytes, NodeMessage& out);
  bool read(Bytes bytes, GraphMessage& out);
  bool read(Bytes bytes, FunctionMessage& out);
  bool tensor_type(Bytes bytes, TypeMessage& out);
  bool nested_type(Bytes bytes, TypeMessage& out);
  void leave_behind(Bytes payload);

  Bytes last_payload_;  // the large one before
};

template <typename T>
bool MessageReader::message(T& out, const Field& field) {
  if (field.type != WireType::kBytes)
    return fail("field " + std::to_string(field.number) + " should be a message and is a number");
  return read(field.bytes, out);
}

template <typename T>
bool MessageReader::append(std::vector<T>& list, const Field& field) {
  return message(list.emplace_back(), field);
}

bool MessageReader::read(Bytes bytes, Entry& out) {
  using M = pb::StringStringEntryProto;
  return fields(bytes, "StringStringEntryProto", [&](const Field& f) {
    switch (f.number) {
      case M::kKeyFieldNumber:
        return text(out.key, f);
      case M::kValueFieldNumber:
        return blob(out.value, f);
      default:
        return true;
    }
  });
}

bool MessageReader::read(Bytes bytes, OpsetMessage& out) {
  using M = pb::OperatorSetIdProto;
  return fields(bytes, "OperatorSetIdProto", [&](const Field& f) {
    switch (f.number) {
      case M::kDomainFieldNumber:
        return text(out.domain, f);
      case M::kVersionFieldNumber:
        return number(out.version, f);
      default:
        return true;
    }
  });
}

bool MessageReader::read(Bytes bytes, TensorMessage& out) {
  using M = pb::TensorProto;
  int64_t location = 0;
  std::string_view name;
  const bool good = fields(bytes, "TensorProto", [&](const Field& f) {
    switch (f.number) {
      case M::kDimsFieldNumber:
        return numbers(out.dims, f);
      case M::kDataTypeFieldNumber:
        return number(out.data_type, f);
      case M::kSegmentFieldNumber:
        return out.is_segment = true;
      case M::kFloatDataFieldNumber:
        return run(out.floats, f, WireType::kFixed32);
      case M::kInt32DataFieldNumber:
        return run(out.int32s, f, WireType::kVarint);
      case M::kStringDataFieldNumber:
        return blobs(out.strings, f);
      case M::kInt64DataFieldNumber:
        return run(out.int64s, f, WireType::kVarint);
      case M::kNameFieldNumber:
        return text(name, f);
      case M::kRawDataFieldNumber:
        if (f.type != WireType::kBytes) return fail("raw_data is not a run of bytes");
        out.raw = f.bytes;
        return true;
      case M::kDoubleDataFieldNumber:
        return run(out.doubles, f, WireType::kFixed64);
      case M::kUint64DataFieldNumber:
        return run(out.uint64s, f, WireType::kVarint);
      case M::kExternalDataFieldNumber:
        return append(out.external, f);
      case M::kDataLocationFieldNumber:
        return number(location, f);
      default:
        return true;
    }
  });
  out.name = name;
  out.is_external = location == pb::TensorProto::EXTERNAL;
  if (out.raw && out.raw->size() >= kLargePayload) leave_behind(*out.raw);
  return good;
}

/// Reading what stands before and behind a large payload maps parts of it (whole 2 MiB units, where
/// the file system caches in such): they are given back, so that a scan stays small.
void MessageReader::leave_behind(Bytes payload) {
  release_pages(last_payload_);
  release_pages(payload);
  last_payload_ = payload;
}

bool MessageReader::read(Bytes bytes, SparseMessage& out) {
  using M = pb::SparseTensorProto;
  return fields(bytes, "SparseTensorProto", [&](const Field& f) {
    switch (f.number) {
      case M::kValuesFieldNumber:
        return message(out.values, f);
      case M::kIndicesFieldNumber:
        return message(out.indices, f);
      case M::kDimsFieldNumber:
        return numbers(out.dims, f);
      default:
        return true;
    }
  });
}

bool MessageReader::read(Bytes bytes, DimMessage& out) {
  using M = pb::TensorShapeProto::Dimension;
  return fields(bytes, "TensorShapeProto.Dimension", [&](const Field& f) {
    switch (f.number) {
      case M::kDimValueFieldNumber:
        return number(out.value.emplace(), f);
      case M::kDimParamFieldNumber:
        out.value.reset();
        return text(out.symbol, f);
      default:
        return true;
    }
  });
}

bool MessageReader::tensor_type(Bytes bytes, TypeMessage& out) {
  using M = pb::TypeProto::Tensor;
  return fields(bytes, "TypeProto.Tensor", [&](const Field& f) {
    switch (f.number) {
      case M::kElemTypeFieldNumber:
        return number(out.element_type, f);
      case M::kShapeFieldNumber:
        if (f.type != WireType::kBytes) return fail("a shape is not a message");
        out.has_shape = true;
        return fields(f.bytes, "TensorShapeProto", [&](const Field& d) {
          return d.number != pb::TensorShapeProto::kDimFieldNumber || append(out.dims, d);
        });
      default:
        return true;
    }
  });
}

/// Sequence, optional and map: field 1 or 2 is the type inside, field 1 of a map its key.
bool MessageReader::nested_type(Bytes bytes, TypeMessage& out) {
  const bool map = out.kind == TypeMessage::Kind::kMap;
  const uint32_t inner = map ? uint32_t{pb::TypeProto::Map::kValueTypeFieldNumber}
                             : uint32_t{pb::TypeProto::Sequence::kElemTypeFieldNumber};
  return fields(bytes, "TypeProto", [&](const Field& f) {
    if (map && f.number == pb::TypeProto::Map::kKeyTypeFieldNumber)
      return number(out.element_type, f);
    if (f.number != inner) return true;
    auto element = std::make_shared<TypeMessage>();
    if (!message(*element, f)) return false;
    out.element = std::move(element);
    return true;
  });
}

bool MessageReader::read(Bytes bytes, TypeMessage& out) {
  using M = pb::TypeProto;
  using Kind = TypeMessage::Kind;
  return fields(bytes, "TypeProto", [&](const Field& f) {
    switch (f.number) {
      case M::kTensorTypeFieldNumber:
        out.kind = Kind::kTensor;
        break;
      case M::kSparseTensorTypeFieldNumber:
        out.kind = Kind::kSparse;
        break;
      case M::kSequenceTypeFieldNumber:
        out.kind = Kind::kSequence;
        break;
      case M::kOptionalTypeFieldNumber:
        out.kind = Kind::kOptional;
        break;
      case M::kMapTypeFieldNumber:
        out.kind = Kind::kMap;
        break;
      case M::kOpaqueTypeFieldNumber:
        out.kind = Kind::kOpaque;
        return true;
      default:
        return true;
    }
    if (f.type != WireType::kBytes) return fail("a type is not a message");
    const bool flat = out.kind == Kind::kTensor || out.kind == Kind::kSparse;
    return flat ? tensor_type(f.bytes, out) : nested_type(f.bytes, out);
  });
}

bool MessageReader::read(Bytes bytes, ValueMessage& out) {
  using M = pb::ValueInfoProto;
  return fields(bytes, "ValueInfoProto", [&](const Field& f) {
    switch (f.number) {
      case M::kNameFieldNumber:
        return text(out.name, f);
      case M::kTypeFieldNumber:
        return message(out.type, f);
      default:
        return true;
    }
  });
}

bool MessageReader::read(Bytes bytes, AttributeMessage& out) {
  using M = pb::AttributeProto;
  return fields(bytes, "AttributeProto", [&](const Field& f) {
    switch (f.number) {
      case M::kNameFieldNumber:
        return text(out.name, f);
      case M::kRefAttrNameFieldNumber:
        return text(out.reference, f);
      case M::kTypeFieldNumber:
        return number(out.type, f);
      case M::kFFieldNumber:
        return real(out.f.emplace(), f);
      case M::kIFieldNumber:
        return number(out.i.emplace(), f);
      case M::kSFieldNumber:
        return blob(out.s.emplace(), f);
      case M::kTFieldNumber:
      case M::kTensorsFieldNumber:
        return append(out.tensors, f);
      case M::kGFieldNumber:
      case M::kGraphsFieldNumber:
        return append(out.graphs, f);
      case M::kSparseTensorFieldNumber:
      case M::kSparseTensorsFieldNumber:
        return append(out.sparse, f);
      case M::kTpFieldNumber:
      case M::kTypeProtosFieldNumber:
        return append(out.types, f);
      case M::kFloatsFieldNumber:
        return reals(out.floats, f);
      case M::kIntsFieldNumber:
        return numbers(out.ints, f);
      case M::kStringsFieldNumber:
        return blobs(out.strings, f);
      default:
        return true;
    }
  });
}

bool MessageReader::read(Bytes bytes, NodeMessage& out) {
  using M = pb::NodeProto;
  return fields(bytes, "NodeProto", [&](const Field& f) {
    switch (f.number) {
      case M::kInputFieldNumber:
        return texts(out.inputs, f);
      case M::kOutputFieldNumber:
        return texts(out.outputs, f);
      case M::kNameFieldNumber:
        return text(out.name, f);
      case M::kOpTypeFieldNumber:
        return text(out.op_type, f);
      case M::kAttributeFieldNumber:
        return append(out.attributes, f);
      case M::kDocStringFieldNumber:
        return blob(out.doc_string, f);
      case M::kDomainFieldNumber:
        return text(out.domain, f);
      case M::kOverloadFieldNumber:
        return text(out.overload, f);
      case M::kMetadataPropsFieldNumber:
        return append(out.metadata, f);
      default:
        return true;
    }
  });
}

bool MessageReader::read(Bytes bytes, GraphMessage& out) {
  using M = pb::GraphProto;
  return fields(bytes, "GraphProto", [&](const Field& f) {
    switch (f.number) {
      case M::kNodeFieldNumber:
        return append(out.nodes, f);
      case M::kNameFieldNumber:
        return text(out.name, f);
      case M::kInitializerFieldNumber:
        return append(out.initializers, f);
      case M::kDocStringFieldNumber:
        return blob(out.doc_string, f);
      case M::kInputFieldNumber:
        return append(out.inputs, f);
      case M::kOutputFieldNumber:
        return append(out.outputs, f);
      case M::kValueInfoFieldNumber:
        return append(out.value_infos, f);
      case M::kSparseInitializerFieldNumber:
        return append(out.sparse_initializers, f);
      case M::kMetadataPropsFieldNumber:
        return append(out.metadata, f);
      default:
        return true;
    }
  });
}

bool MessageReader::read(Bytes bytes, FunctionMessage& out) {
  using M = pb::FunctionProto;
  return fields(bytes, "FunctionProto", [&](const Field& f) {
    switch (f.number) {
      case M::kNameFieldNumber:
        return text(out.name, f);
      case M::kDomainFieldNumber:
        return text(out.domain, f);
      case M::kOverloadFieldNumber:
        return text(out.overload, f);
      case M::kInputFieldNumber:
        return texts(out.inputs, f);
      case M::kOutputFieldNumber:
        return texts(out.outputs, f);
      case M::kAttributeFieldNumber:
        return texts(out.attributes, f);
      case M::kAttributeProtoFieldNumber:
        return append(out.defaults, f);
      case M::kNodeFieldNumber:
        return append(out.nodes, f);
      case M::kOpsetImportFieldNumber:
        return append(out.opsets, f);
      case M::kValueInfoFieldNumber:
        return append(out.value_infos, f);
      default:
        return true;
    }
  });
}

bool MessageReader::read(Bytes bytes, ModelMessage& out) {
  using M = pb::ModelProto;
  return fields(bytes, "ModelProto", [&](const Field& f) {
    switch (f.number) {
      case M::kIrVersionFieldNumber:
        return number(out.ir_version, f);
      case M::kProducerNameFieldNumber:
        return blob(out.producer_name, f);
      case M::kProducerVersionFieldNumber:
        return blob(out.producer_version, f);
      case M::kDomainFieldNumber:
        return blob(out.domain, f);
      case M::kModelVersionFieldNumber:
        return number(out.model_version, f);
      case M::kDocStringFieldNumber:
        return blob(out.doc_string, f);
      case M::kGraphFieldNumber:
        return out.graph ? fail("the file holds two graphs") : message(out.graph.emplace(), f);
      case M::kOpsetImportFieldNumber:
        return append(out.opsets, f);
      case M::kMetadataPropsFieldNumber:
        return append(out.metadata, f);
      case M::kTrainingInfoFieldNumber:
        return out.has_training = true;
      case M::kFunctionsFieldNumber:
        return append(out.functions, f);
      default:
        return true;
    }
  });
}

}  // namespace

Result<ModelMessage> read_model(Bytes file) {
  ModelMessage model;
  MessageReader reader;
  if (!reader.read(file, model)) return Error(reader.error());
  return model;
}

Result<TensorMessage> read_tensor(Bytes file) {
  TensorMessage tensor;
  MessageReader reader;
  if (!reader.read(file, tensor)) return Error(reader.error());
  return tensor;
}

}  // namespace kasuri::onnx
