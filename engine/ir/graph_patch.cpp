#include "engine/ir/graph_patch.h"

#include <algorithm>
#include <set>

namespace kasuri {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

GraphPatch::GraphPatch(const Graph& graph, std::string label)
    : label_(std::move(label)),
      base_nodes_(graph.node_capacity()),
      base_values_(graph.value_capacity()),
      next_node_(base_nodes_),
      next_value_(base_values_) {}

ValueId GraphPatch::add_value(const std::string& name, ValueType type,
                              std::optional<Tensor> constant, NodeId producer) {
  Value v;
  v.id = ValueId(static_cast<uint32_t>(next_value_++));
  v.name = name;
  v.type = std::move(type);
  v.constant = std::move(constant);
  v.producer = producer;
  const ValueId id = v.id;
  edits_.push_back(PutValue{std::move(v)});
  return id;
}

ValueId GraphPatch::add_constant(const std::string& name, Tensor tensor) {
  ValueType type = ValueType::tensor(tensor.dtype(), shape_of(tensor.extents()));
  return add_value(name, std::move(type), std::move(tensor), NodeId::none());
}

NodeId GraphPatch::add_node(Node node, std::vector<ValueType> output_types) {
  KASURI_CHECK(!node.provenance.empty(), "provenance of an added node");
  node.id = NodeId(static_cast<uint32_t>(next_node_++));
  node.outputs.clear();
  for (size_t i = 0; i < output_types.size(); ++i) {
    const std::string name = node.name + (i ? "_" + std::to_string(i) : "");
    node.outputs.push_back(add_value(name, std::move(output_types[i]), std::nullopt, node.id));
  }
  const NodeId id = node.id;
  edits_.push_back(PutNode{std::move(node)});
  return id;
}

ValueId GraphPatch::output_of(NodeId added, size_t i) const {
  for (const Edit& e : edits_)
    if (const auto* put = std::get_if<PutNode>(&e); put && put->node.id == added)
      return put->node.output(i);
  fail("output_of() an unknown node in patch '" + label_ + "'");
}

void GraphPatch::replace_value(ValueId from, ValueId to) { edits_.push_back(ReplaceUses{from, to}); }
void GraphPatch::remove_node(NodeId node) { edits_.push_back(DropNode{node}); }
void GraphPatch::remove_value(ValueId value) { edits_.push_back(DropValue{value}); }

void GraphPatch::set_type(ValueId value, ValueType type) {
  edits_.push_back(SetType{value, std::move(type)});
}

void GraphPatch::set_constant(ValueId value, Tensor tensor) {
  edits_.push_back(SetConstant{value, std::move(tensor)});
}

void GraphPatch::update_node(NodeId node, std::vector<ValueId> inputs,
                             std::map<std::string, Attribute> attributes) {
  edits_.push_back(UpdateNode{node, std::move(inputs), std::move(attributes)});
}

std::vector<NodeId> GraphPatch::added_nodes() const {
  std::vector<NodeId> ids;
  for (const Edit& e : edits_) {
    if (const auto* put = std::get_if<PutNode>(&e)) ids.push_back(put->node.id);
    if (const auto* update = std::get_if<UpdateNode>(&e)) ids.push_back(update->node);
  }
  return ids;
}

std::vector<NodeId> GraphPatch::removed_nodes() const {
  std::vector<NodeId> ids;
  for (const Edit& e : edits_)
    if (const auto* drop = std::get_if<DropNode>(&e)) ids.push_back(drop->id);
  return ids;
}

/// Does the edits on a graph while remembering what each slot held before.
class GraphPatch::Application {
 public:
  explicit Application(Graph& graph) : graph_(graph), outputs_before_(graph.outputs_) {}

  Status run(const GraphPatch& patch) {
    for (const Edit& edit : patch.edits_) {
      Status status = std::visit([this](const auto& e) { return apply(e); }, edit);
      if (!status.ok()) return status;
    }
    graph_.rebuild_consumers();
    return check();
  }

  /// Puts every touched slot back as it was.
  void roll_back(const GraphPatch& patch) {
    for (const auto& [index, node] : nodes_before_) graph_.nodes_[index] = node;
    for (const auto& [index, value] : values_before_) graph_.values_[index] = value;
    graph_.outputs_ = outputs_before_;
    graph_.nodes_.resize(patch.base_nodes_);
    graph_.values_.resize(patch.base_values_);
    graph_.rebuild_consumers();
  }

  GraphPatch inverse(const GraphPatch& patch) {
    GraphPatch inverse;
    inverse.label_ = patch.label_;
    inverse.base_nodes_ = inverse.next_node_ = graph_.node_capacity();
    inverse.base_values_ = inverse.next_value_ = graph_.value_capacity();
    for (auto& [index, node] : nodes_before_) inverse.edits_.push_back(RestoreNode{index, node});
    for (auto& [index, value] : values_before_) inverse.edits_.push_back(RestoreValue{index, value});
    inverse.edits_.push_back(RestoreOutputs{outputs_before_});
    return inverse;
  }

 private:
  Node& touch(NodeId id) {
    if (id.index() >= graph_.nodes_.size()) graph_.nodes_.resize(id.index() + 1);
    nodes_before_.try_emplace(id.index(), graph_.nodes_[id.index()]);
    touched_nodes_.insert(id.index());
    return graph_.nodes_[id.index()];
  }
  Value& touch(ValueId id) {
    if (id.index() >= graph_.values_.size()) graph_.values_.resize(id.index() + 1);
    values_before_.try_emplace(id.index(), graph_.values_[id.index()]);
    return graph_.values_[id.index()];
  }

  Status apply(const PutNode& e) { touch(e.node.id) = e.node; return Done{}; }
  Status apply(const PutValue& e) { touch(e.value.id) = e.value; return Done{}; }
  Status apply(const DropNode& e) {
    if (!graph_.contains(e.id)) return Error("the patch removes a node that is not there");
    for (ValueId out : graph_.node(e.id).outputs)
      if (out.valid() && graph_.value(out).producer == e.id && !graph_.value(out).constant)
        touch(out) = Value{};
    touch(e.id) = Node{};
    return Done{};
  }
  Status apply(const DropValue& e) {
    if (!graph_.contains(e.id)) return Error("the patch removes a value that is not there");
    touch(e.id) = Value{};
    return Done{};
  }
  Status apply(const SetType& e) {
    if (!graph_.contains(e.id)) return Error("the patch types a value that is not there");
    touch(e.id).type = e.type;
    return Done{};
  }
  Status apply(const SetConstant& e) {
    if (!graph_.contains(e.id)) return Error("the patch fixes a value that is not there");
    Value& v = touch(e.id);
    v.type = ValueType::tensor(e.tensor.dtype(), shape_of(e.tensor.extents()));
    v.constant = e.tensor;
    v.producer = NodeId::none();
    return Done{};
  }
  Status apply(const UpdateNode& e) {
    if (!graph_.contains(e.node)) return Error("the patch updates a node that is not there");
    Node& n = touch(e.node);
    n.inputs = e.inputs;
    n.attributes = e.attributes;
    return Done{};
  }
  Status apply(const ReplaceUses& e) {
    if (!graph_.contains(e.to)) return Error("the patch replaces by a value that is not there");
    for (const Node& n : graph_.nodes_) {
      if (!n.id.valid() || std::find(n.inputs.begin(), n.inputs.end(), e.from) == n.inputs.end())
        continue;
      Node& changed = touch(n.id);
      std::replace(changed.inputs.begin(), changed.inputs.end(), e.from, e.to);
    }
    for (GraphOutput& o : graph_.outputs_)
      if (o.value == e.from) o.value = e.to;
    return Done{};
  }
  Status apply(const RestoreNode& e) { touch(NodeId(e.index)) = e.node; return Done{}; }
  Status apply(const RestoreValue& e) { touch(ValueId(e.index)) = e.value; return Done{}; }
  Status apply(const RestoreOutputs& e) { graph_.outputs_ = e.outputs; return Done{}; }

  Status check() const {
    for (uint32_t index : touched_nodes_) {
      const Node& n = graph_.nodes_[index];
      if (!n.id.valid()) continue;
      for (ValueId in : n.inputs)
        if (in.valid() && !graph_.contains(in))
          return Error("node '" + n.name + "' would read a removed value");
    }
    for (const auto& [index, before] : values_before_) {
      if (graph_.values_[index].id.valid() || !before.id.valid()) continue;
      for (NodeId reader : before.consumers) {
        if (!graph_.contains(reader)) continue;
        const Node& n = graph_.node(reader);
        if (std::find(n.inputs.begin(), n.inputs.end(), before.id) != n.inputs.end())
          return Error("value '" + before.name + "' is removed but node '" + n.name + "' reads it");
      }
      if (graph_.is_output(before.id))
        return Error("value '" + before.name + "' is removed but is a graph output");
    }
    if (graph_.topological_order().size() != graph_.node_count())
      return Error("the patch would make a cycle");
    return Done{};
  }

  Graph& graph_;
  std::vector<GraphOutput> outputs_before_;
  std::map<uint32_t, Node> nodes_before_;
  std::map<uint32_t, Value> values_before_;
  std::set<uint32_t> touched_nodes_;
};

Result<GraphPatch> GraphPatch::apply(Graph& graph) const {
  if (graph.node_capacity() != base_nodes_ || graph.value_capacity() != base_values_)
    return Error("patch '" + label_ + "' was prepared for another version of the graph",
                 ErrorKind::kInternal);
  Application application(graph);
  Status status = application.run(*this);
  if (!status.ok()) {
    application.roll_back(*this);
    return std::move(status).error().with_context("applying '" + label_ + "'");
  }
  return application.inverse(*this);
}

}  // namespace kasuri
