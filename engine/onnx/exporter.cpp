#include "engine/onnx/exporter.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "engine/base/atomic_file.h"
#include "engine/onnx/export_names.h"
#include "engine/onnx/message_writer.h"
#include "engine/onnx/node_metadata.h"
#include "onnx.pb.h"

namespace kasuri {
namespace fs = std::filesystem;
namespace pb = kasuri::onnx_proto;

namespace {

using namespace onnx;

constexpr uint64_t kLargestFile = std::numeric_limits<int32_t>::max();
constexpr size_t kSmallestExternal = 1024;

/// First IR version that may carry each opset of ai.onnx, by opset.
int64_t ir_version_for(int opset) {
  constexpr std::pair<int, int64_t> kFirst[] = {{26, 14}, {25, 13}, {24, 12}, {23, 11}, {21, 10},
                                                {19, 9},  {15, 8},  {12, 7},  {11, 6},  {10, 5}};
  for (const auto& [first, ir] : kFirst)
    if (opset >= first) return ir;
  return 4;
}

int64_t ir_version_for(DataType dtype) {
  if (dtype >= DataType::kUint2) return 13;
  if (dtype >= DataType::kFloat4E2M1) return 11;
  if (dtype >= DataType::kUint4) return 10;
  return dtype >= DataType::kFloat8E4M3FN ? 9 : 4;
}

/// Where external tensors go, in order.
struct ExternalFile {
  std::string location;
  std::vector<std::pair<uint64_t, Tensor>> tensors;
  uint64_t end = 0;

  bool place(const Tensor& tensor, WireWriter& message) {
    const size_t size = tensor.stored_bytes().size();
    if (size < kSmallestExternal) return false;
    const uint64_t alignment = size >= (1 << 20) ? 4096 : 64;
    const uint64_t offset = (end + alignment - 1) / alignment * alignment;
    tensors.emplace_back(offset, tensor);
    end = offset + size;
    using M = pb::TensorProto;
    message.message(M::kExternalDataFieldNumber, write_entry("location", location));
    message.message(M::kExternalDataFieldNumber, write_entry("offset", std::to_string(offset)));
    message.message(M::kExternalDataFieldNumber, write_entry("length", std::to_string(size)));
    message.integer(M::kDataLocationFieldNumber, M::EXTERNAL);
    return true;
  }
};

class ModelWriter {
 public:
  ModelWriter(const ExportOptions& options, ExternalFile* external)
      : options_(options), external_(external) {}

  Result<WireWriter> write(const Graph& graph);

 private:
  WireWriter write_graph(const Graph& graph, const ExportNames* outside);
  void write_values(const Graph& graph, const ExportNames& names, bool top, WireWriter& out);
  void write_nodes(const Graph& graph, const ExportNames& names, WireWriter& out);
  WireWriter write_node(const Node& node, const ExportNames& names);
  void write_copies(const Graph& graph, const ExportNames& names, WireWriter& out);
  Status check(const Graph& graph);

  const ExportOptions& options_;
  ExternalFile* external_;
  int64_t ir_version_ = 4;
};

Status ModelWriter::check(const Graph& graph) {
  for (NodeId id : graph.node_ids()) {
    const Node& node = graph.node(id);
    const std::string where = "exporting node '" + node.name + "' (" + node.op.text() + ")";
    const auto opset = graph.opsets().find(node.op.domain);
    if (node.op.domain.rfind("kasuri", 0) == 0)
      return Error("this operator exists only inside Kasuri").with_context(where);
    if (opset != graph.opsets().end() && node.opset != opset->second)
      return Error("it follows opset " + std::to_string(node.opset) + " but the model is opset " +
                   std::to_string(opset->second))
          .with_context(where);
    for (const auto& [name, attribute] : node.attributes)
      if (const auto* body = std::get_if<GraphPointer>(&attribute))
        KASURI_RETURN_IF_ERROR(check(**body));
  }
  for (ValueId id : graph.value_ids())
    ir_version_ = std::max(ir_version_, ir_version_for(graph.value(id).type.dtype));
  return Done{};
}

WireWriter ModelWriter::write_node(const Node& node, const ExportNames& names) {
  using M = pb::NodeProto;
  WireWriter out;
  for (ValueId id : node.inputs) out.text(M::kInputFieldNumber, names.of(id));
  for (ValueId id : node.outputs) out.text(M::kOutputFieldNumber, names.of(id));
  out.text(M::kNameFieldNumber, node.name);
  out.text(M::kOpTypeFieldNumber, node.op.name);
  for (const auto& [name, attribute] : node.attributes)
    out.message(M::kAttributeFieldNumber, write_attribute(name, attribute, [&](const Graph& body) {
                  return write_graph(body, &names);
                }));
  std::map<std::string, std::string> metadata;
  if (options_.node_metadata) metadata = options_.node_metadata(node);
  metadata.merge(file_metadata(node));
  if (const auto doc = metadata.extract(kDocString); !doc.empty())
    out.text(M::kDocStringFieldNumber, doc.mapped());
  if (!node.op.domain.empty()) out.text(M::kDomainFieldNumber, node.op.domain);
  for (const auto& [key, value] : metadata)
    out.message(M::kMetadataPropsFieldNumber, write_entry(key, value));
  return out;
}

void ModelWriter::write_copies(const Graph& graph, const ExportNames& names, WireWriter& out) {
  for (const auto& [name, id] : names.copies()) {
    const Value& value = graph.value(id);
    WireWriter node;
    if (!value.constant) node.text(pb::NodeProto::kInputFieldNumber, names.of(id));
    node.text(pb::NodeProto::kOutputFieldNumber, name);
    node.text(pb::NodeProto::kNameFieldNumber, name + "/copy");
    node.text(pb::NodeProto::kOpTypeFieldNumber, value.constant ? "Constant" : "Identity");
    if (value.constant)
      node.message(pb::NodeProto::kAttributeFieldNumber,
                   write_attribute("value", *value.constant, nullptr));
    out.message(pb::GraphProto::kNodeFieldNumber, std::move(node));
  }
}

void ModelWriter::write_nodes(const Graph& graph, const ExportNames& names, WireWriter& out) {
  for (NodeId id : graph.topological_order())
    out.message(pb::GraphProto::kNodeFieldNumber, write_node(graph.node(id), names));
  write_copies(graph, names, out);
}

void ModelWriter::write_values(const Graph& graph, const ExportNames& names, bool top,
                               WireWriter& out) {
  using M = pb::GraphProto;
  const bool symbolic = !options_.input_types.empty();
  const auto shown = [&](ValueType type) {
    if (symbolic && type.shape) type.shape->assign(type.shape->size(), Dim::unknown());
    return type;
  };
  std::vector<bool> listed(graph.value_capacity(), false);
  const ExternalSink sink = [this](const Tensor& t, WireWriter& w) {
    return external_ && external_->place(t, w);
  };
  for (size_t i = 0; i < graph.inputs().size(); ++i) {
    const Value& v = graph.value(graph.inputs()[i]);
    listed[v.id.index()] = true;
    const bool declared = top && i < options_.input_types.size();
    out.message(M::kInputFieldNumber,
                write_value(names.of(v.id), declared ? options_.input_types[i] : v.type));
  }
  for (size_t i = 0; i < graph.outputs().size(); ++i) {
    const Value& v = graph.value(graph.outputs()[i].value);
    listed[v.id.index()] = true;
    out.message(M::kOutputFieldNumber, write_value(names.outputs()[i], shown(v.type)));
  }
  for (ValueId id : graph.value_ids()) {
    const Value& v = graph.value(id);
    if (v.constant)
      out.message(M::kInitializerFieldNumber, write_tensor(names.of(id), *v.constant, sink));
    else if (v.producer.valid() && !listed[id.index()] && write_type(v.type).size() > 0)
      out.message(M::kValueInfoFieldNumber, write_value(names.of(id), shown(v.type)));
  }
}

WireWriter ModelWriter::write_graph(const Graph& graph, const ExportNames* outside) {
  const ExportNames names(graph, outside);
  WireWriter out;
  write_nodes(graph, names, out);
  out.text(pb::GraphProto::kNameFieldNumber, graph.name());
  write_values(graph, names, outside == nullptr, out);
  if (outside)
    for (const auto& [key, value] : graph.metadata())
      out.message(pb::GraphProto::kMetadataPropsFieldNumber, write_entry(key, value));
  return out;
}

Result<WireWriter> ModelWriter::write(const Graph& graph) {
  using M = pb::ModelProto;
  KASURI_RETURN_IF_ERROR(check(graph));
  ir_version_ = std::max({ir_version_, options_.ir_version, ir_version_for(graph.opset())});
  WireWriter out;
  out.integer(M::kIrVersionFieldNumber, ir_version_);
  out.text(M::kProducerNameFieldNumber, options_.producer);
  out.text(M::kProducerVersionFieldNumber, options_.producer_version);
  out.text(M::kDomainFieldNumber, options_.domain);
  out.integer(M::kModelVersionFieldNumber, options_.model_version);
  out.text(M::kDocStringFieldNumber, options_.doc_string);
  for (const auto& [domain, version] : graph.opsets())
    out.message(M::kOpsetImportFieldNumber, write_opset(domain, version));
  out.message(M::kGraphFieldNumber, write_graph(graph, nullptr));
  auto metadata = options_.metadata;
  metadata.insert(graph.metadata().begin(), graph.metadata().end());
  for (const auto& [key, value] : metadata)
    out.message(M::kMetadataPropsFieldNumber, write_entry(key, value));
  return out;
}

Status write_external(const std::string& path, const ExternalFile& file, const TaskContext& task) {
  return write_file_atomically(path, [&](std::ostream& out) -> Status {
    for (const auto& [offset, tensor] : file.tensors) {
      KASURI_RETURN_IF_ERROR(task.cancel.check());
      task.report("Writing weights", static_cast<double>(offset), static_cast<double>(file.end));
      const std::vector<char> gap(offset - static_cast<uint64_t>(out.tellp()), 0);
      out.write(gap.data(), static_cast<std::streamsize>(gap.size()));
      out.write(reinterpret_cast<const char*>(tensor.stored_bytes().data()),
                static_cast<std::streamsize>(tensor.stored_bytes().size()));
    }
    return Done{};
  });
}

}  // namespace

Result<std::string> export_model(const Graph& graph, const ExportOptions& options) {
  KASURI_TRY(const WireWriter model, ModelWriter(options, nullptr).write(graph));
  if (model.size() > kLargestFile)
    return Error("the model is larger than 2 GB and needs external data");
  return model.str();
}

Status write_model(const std::string& path, const Graph& graph, const ExportOptions& options,
                   const TaskContext& task) {
  KASURI_TRY(WireWriter model, ModelWriter(options, nullptr).write(graph));
  if (options.external_data || model.size() > kLargestFile) {
    ExternalFile external;
    external.location = fs::path(path).filename().string() + ".data";
    KASURI_TRY(model, ModelWriter(options, &external).write(graph));
    KASURI_RETURN_IF_ERROR(write_external(path + ".data", external, task));
  }
  return write_file_atomically(path, [&](std::ostream& out) -> Status {
    model.write_to(out);
    return Done{};
  });
}

}  // namespace kasuri
