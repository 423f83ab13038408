#include "profiling/worker/describe_graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/plan/work_estimate.h"
#include "profiling/runtimes/backends.h"
#include "profiling/worker/node_scope.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr size_t kLongestAttribute = 120;

struct AttributeText {
  std::string operator()(int64_t v) const { return fmt::format("{}", v); }
  std::string operator()(float v) const { return fmt::format("{}", v); }
  std::string operator()(const std::string& v) const { return v; }
  std::string operator()(const Tensor& v) const {
    return fmt::format("{}[{}]", name_of(v.dtype()), fmt::join(v.extents(), ","));
  }
  std::string operator()(const GraphPointer& v) const {
    return fmt::format("graph of {} nodes", v ? v->node_count() : 0);
  }
  std::string operator()(const ValueType& v) const { return v.text(); }
  std::string operator()(const std::vector<int64_t>& v) const {
    return fmt::format("[{}]", fmt::join(v, ", "));
  }
  std::string operator()(const std::vector<float>& v) const {
    return fmt::format("[{}]", fmt::join(v, ", "));
  }
  std::string operator()(const std::vector<std::string>& v) const {
    return fmt::format("[{}]", fmt::join(v, ", "));
  }
  std::string operator()(const std::vector<Tensor>& v) const {
    return fmt::format("{} tensors", v.size());
  }
  std::string operator()(const std::vector<GraphPointer>& v) const {
    return fmt::format("{} graphs", v.size());
  }
  std::string operator()(const std::vector<ValueType>& v) const {
    return fmt::format("{} types", v.size());
  }
};

json attributes_of(const Node& node) {
  json out = json::object();
  for (const auto& [name, attribute] : node.attributes) {
    std::string text = std::visit(AttributeText{}, attribute);
    if (text.size() > kLongestAttribute) text.replace(kLongestAttribute, text.npos, "...");
    out[name] = text;
  }
  return out;
}

json names_of(const Graph& graph, const std::vector<ValueId>& values) {
  json out = json::array();
  for (ValueId id : values) out.push_back(id.valid() ? graph.value(id).name : "");
  return out;
}

json describe_node(const Graph& graph, const Node& node) {
  const auto why_not = engine_backends().reference->why_not(graph, node);
  return {{"id", node.id.index()},
          {"name", node.name},
          {"op", node.op.name},
          {"domain", node.op.domain},
          {"opset", node.opset},
          {"scope", scope_of(node.name, node.metadata)},
          {"inputs", names_of(graph, node.inputs)},
          {"outputs", names_of(graph, node.outputs)},
          {"sources", node.provenance},
          {"attributes", attributes_of(node)},
          {"flops", flops_of(graph, node)},
          {"unsupported", why_not ? json(*why_not) : json()}};
}

json shape_json(const ValueType& type) {
  if (!type.is_tensor() || !type.shape) return nullptr;
  json out = json::array();
  for (const Dim& dim : *type.shape)
    out.push_back(dim.known() ? json(dim.value()) : json(dim.text()));
  return out;
}

json describe_port(const std::string& name, const Graph& graph, ValueId id) {
  const ValueType& type = graph.value(id).type;
  return {{"name", name},
          {"type", type.text()},
          {"dtype", name_of(type.dtype)},
          {"shape", shape_json(type)},
          {"bytes", value_bytes(graph, id)}};
}

}  // namespace

json describe_graph(const Graph& graph, bool with_nodes) {
  json out = {{"inputs", json::array()},
              {"outputs", json::array()},
              {"values", json::array()},
              {"nodes", json::array()}};
  for (ValueId id : graph.inputs())
    out["inputs"].push_back(describe_port(graph.value(id).name, graph, id));
  for (const GraphOutput& output : graph.outputs())
    out["outputs"].push_back(describe_port(output.name, graph, output.value));
  if (!with_nodes) return out;
  for (ValueId id : graph.value_ids()) {
    const Value& value = graph.value(id);
    out["values"].push_back({{"name", value.name},
                             {"type", value.type.text()},
                             {"bytes", value_bytes(graph, id)},
                             {"constant", value.is_constant()}});
  }
  for (NodeId id : graph.topological_order())
    out["nodes"].push_back(describe_node(graph, graph.node(id)));
  return out;
}

json describe_model(const ImportedModel& model, bool with_nodes) {
  json out = describe_graph(model.graph, with_nodes);
  int64_t parameters = 0;
  for (ValueId id : model.graph.value_ids())
    if (const Value& value = model.graph.value(id); value.is_constant())
      parameters += value.constant->count();
  std::error_code ignored;
  const auto bytes = std::filesystem::file_size(model.path, ignored);
  out["model"] = {{"path", model.path},
                  {"name", model.graph.name()},
                  {"hash", model.content_hash.hex()},
                  {"opset", model.graph.opset()},
                  {"opsets", model.graph.opsets()},
                  {"ir_version", model.ir_version},
                  {"producer", model.producer},
                  {"metadata", model.graph.metadata()},
                  {"bytes", ignored ? 0 : bytes},
                  {"weight_bytes", model.weight_bytes},
                  {"synthesized_weights", model.synthesized_weights},
                  {"notes", model.notes},
                  {"parameters", parameters}};
  out["dims"] = json::array();
  for (const DimBinding& dim : model.dims)
    out["dims"].push_back({{"name", dim.name()},
                           {"input", dim.input},
                           {"axis", dim.axis},
                           {"value", dim.value},
                           {"given", !dim.is_default}});
  return out;
}

}  // namespace kasuri::profiling
