#include <algorithm>

#include "engine/ir/graph.h"

namespace kasuri {
namespace {

std::string unique_name(std::map<std::string, int>& used, const std::string& wanted) {
  const std::string base = wanted.empty() ? "unnamed" : wanted;
  int& count = used[base];
  if (count++ == 0) return base;
  while (true) {
    std::string name = base + "_" + std::to_string(count - 1);
    if (used.emplace(name, 1).second) return name;
    ++count;
  }
}

}  // namespace

GraphBuilder::GraphBuilder(std::string name) { graph_.name_ = std::move(name); }

GraphBuilder& GraphBuilder::opset(const std::string& domain, int version) {
  graph_.opsets_[domain == "ai.onnx" ? "" : domain] = version;
  return *this;
}

GraphBuilder& GraphBuilder::metadata(const std::string& key, const std::string& value) {
  graph_.metadata_[key] = value;
  return *this;
}

ValueId GraphBuilder::declare(const std::string& name, ValueType type) {
  Value v;
  v.id = ValueId(static_cast<uint32_t>(graph_.values_.size()));
  v.name = unique_name(used_names_, name);
  v.type = std::move(type);
  graph_.values_.push_back(std::move(v));
  return graph_.values_.back().id;
}

ValueId GraphBuilder::input(const std::string& name, ValueType type) {
  const ValueId id = declare(name, std::move(type));
  graph_.inputs_.push_back(id);
  return id;
}

ValueId GraphBuilder::capture(const std::string& name, ValueType type) {
  const ValueId id = declare(name, std::move(type));
  graph_.captures_.push_back(id);
  return id;
}

ValueId GraphBuilder::constant(const std::string& name, Tensor tensor) {
  const ValueId id = declare(name, ValueType::tensor(tensor.dtype(), shape_of(tensor.extents())));
  graph_.values_[id.index()].constant = std::move(tensor);
  return id;
}

NodeId GraphBuilder::add(Node node) {
  node.id = NodeId(static_cast<uint32_t>(graph_.nodes_.size()));
  if (node.name.empty()) {
    const auto named = std::find_if(node.outputs.begin(), node.outputs.end(),
                                    [](ValueId id) { return id.valid(); });
    node.name = named == node.outputs.end() ? node.op.name : graph_.values_[named->index()].name;
  }
  // Node names live in their own name space, told apart by a prefix no value name starts with.
  node.name = unique_name(used_names_, "\x01" + node.name).substr(1);
  if (node.opset == 0) {
    const auto it = graph_.opsets_.find(node.op.domain);
    node.opset = it == graph_.opsets_.end() ? 1 : it->second;
  }
  if (node.provenance.empty()) node.provenance = {node.name};
  for (ValueId out : node.outputs)
    if (out.valid() && !graph_.values_[out.index()].producer.valid())
      graph_.values_[out.index()].producer = node.id;
  graph_.nodes_.push_back(std::move(node));
  return graph_.nodes_.back().id;
}

std::vector<ValueId> GraphBuilder::add(OpKind op, const std::string& name,
                                       std::vector<ValueId> inputs, int output_count,
                                       std::map<std::string, Attribute> attributes) {
  Node node;
  node.op = std::move(op);
  node.name = name;
  node.inputs = std::move(inputs);
  node.attributes = std::move(attributes);
  for (int i = 0; i < output_count; ++i) node.outputs.push_back(declare(name));
  const std::vector<ValueId> outputs = node.outputs;
  add(std::move(node));
  return outputs;
}

void GraphBuilder::output(const std::string& name, ValueId value) {
  graph_.outputs_.push_back({name, value});
}

void GraphBuilder::set_type(ValueId value, ValueType type) {
  graph_.values_[value.index()].type = std::move(type);
}

Result<Graph> GraphBuilder::take() {
  graph_.rebuild_consumers();
  for (const Node& n : graph_.nodes_) {
    for (ValueId out : n.outputs) {
      if (!out.valid()) continue;
      const Value& v = graph_.values_[out.index()];
      if (v.producer != n.id || v.constant)
        return Error("value '" + v.name + "' is defined twice (by node '" + n.name + "')");
    }
  }
  std::vector<bool> given(graph_.values_.size(), false);
  for (ValueId id : graph_.inputs_) given[id.index()] = true;
  for (ValueId id : graph_.captures_) given[id.index()] = true;
  for (const Value& v : graph_.values_) {
    const bool defined = v.producer.valid() || v.constant || given[v.id.index()];
    if (given[v.id.index()] && v.producer.valid())
      return Error("node '" + graph_.node(v.producer).name + "' writes the graph input '" + v.name +
                   "'");
    if (!defined && (!v.consumers.empty() || graph_.is_output(v.id))) {
      const std::string reader = v.consumers.empty()
                                     ? "a graph output"
                                     : "node '" + graph_.node(v.consumers[0]).name + "'";
      return Error("value '" + v.name + "', read by " + reader + ", is never defined");
    }
  }
  if (!graph_.renumber()) {
    const std::vector<NodeId> order = graph_.topological_order();
    std::vector<bool> ordered(graph_.nodes_.size(), false);
    for (NodeId id : order) ordered[id.index()] = true;
    for (const Node& n : graph_.nodes_)
      if (!ordered[n.id.index()]) return Error("node '" + n.name + "' is part of a cycle");
  }
  return std::move(graph_);
}

}  // namespace kasuri
