#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/onnx/wire_reader.h"

/// The messages of onnx.proto as views of the mapped file: nothing is copied, weights stay where
/// they are. Valid while the file is mapped.
namespace kasuri::onnx {

struct GraphMessage;

struct Entry {
  std::string_view key, value;
};

struct TensorMessage {
  std::string name;  ///< A copy: reading it later must not bring the weights around it to memory.
  std::vector<int64_t> dims;
  int64_t data_type = 0;
  bool is_external = false;
  bool is_segment = false;
  std::optional<Bytes> raw;
  /// Payloads of the typed fields in file order: packed runs, or single elements where unpacked.
  std::vector<Bytes> floats, doubles, int32s, int64s, uint64s;
  std::vector<std::string_view> strings;
  std::vector<Entry> external;
};

struct SparseMessage {
  TensorMessage values, indices;
  std::vector<int64_t> dims;
};

struct DimMessage {
  std::optional<int64_t> value;
  std::string_view symbol;
};

struct TypeMessage {
  enum class Kind : uint8_t { kNone, kTensor, kSequence, kOptional, kMap, kSparse, kOpaque };
  Kind kind = Kind::kNone;
  int64_t element_type = 0;  ///< Of a tensor; the key type of a map.
  bool has_shape = false;
  std::vector<DimMessage> dims;
  std::shared_ptr<const TypeMessage> element;
};

struct ValueMessage {
  std::string_view name;
  TypeMessage type;
};

struct AttributeMessage {
  std::string_view name, reference;
  int64_t type = 0;  ///< 0 in files of IR 1: then the field that is set decides.
  std::optional<float> f;
  std::optional<int64_t> i;
  std::optional<std::string_view> s;
  std::vector<float> floats;
  std::vector<int64_t> ints;
  std::vector<std::string_view> strings;
  std::vector<TensorMessage> tensors;  ///< `t` too; at most one then.
  std::vector<GraphMessage> graphs;    ///< `g` too; at most one then.
  std::vector<SparseMessage> sparse;
  std::vector<TypeMessage> types;
};

struct NodeMessage {
  std::string_view name, op_type, domain, overload, doc_string;
  std::vector<std::string_view> inputs, outputs;
  std::vector<AttributeMessage> attributes;
  std::vector<Entry> metadata;
};

struct GraphMessage {
  std::string_view name, doc_string;
  std::vector<NodeMessage> nodes;
  std::vector<TensorMessage> initializers;
  std::vector<SparseMessage> sparse_initializers;
  std::vector<ValueMessage> inputs, outputs, value_infos;
  std::vector<Entry> metadata;
};

struct OpsetMessage {
  std::string_view domain;
  int64_t version = 0;
};

struct FunctionMessage {
  std::string_view name, domain, overload;
  std::vector<std::string_view> inputs, outputs, attributes;
  std::vector<AttributeMessage> defaults;
  std::vector<NodeMessage> nodes;
  std::vector<OpsetMessage> opsets;
  std::vector<ValueMessage> value_infos;
};

struct ModelMessage {
  int64_t ir_version = 0;
  int64_t model_version = 0;
  std::string_view producer_name, producer_version, domain, doc_string;
  std::vector<OpsetMessage> opsets;
  std::optional<GraphMessage> graph;
  std::vector<FunctionMessage> functions;
  std::vector<Entry> metadata;
  bool has_training = false;
};

/// Attribute type numbers of onnx.proto.
enum AttributeKind : int64_t {
  kFloatAttribute = 1,
  kIntAttribute,
  kStringAttribute,
  kTensorAttribute,
  kGraphAttribute,
  kFloatsAttribute,
  kIntsAttribute,
  kStringsAttribute,
  kTensorsAttribute,
  kGraphsAttribute,
  kSparseAttribute,
  kSparsesAttribute,
  kTypeAttribute,
  kTypesAttribute,
};

}  // namespace kasuri::onnx
