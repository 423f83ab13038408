#include "engine/ir/graph_patch.h"

#include <algorithm>

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

void GraphPatch::replace_value(ValueId from, ValueId to) {
  edits_.push_back(ReplaceUses{from, to});
}
void GraphPatch::remove_node(NodeId node) { edits_.push_back(DropNode{node}); }
void GraphPatch::remove_value(ValueId value) { edits_.push_back(DropValue{value}); }

void GraphPatch::set_type(ValueId value, ValueType type) {
  edits_.push_back(SetType{value, std::move(type)});
}

void GraphPatch::set_constant(ValueId value, Tensor tensor) {
  edits_.push_back(SetConstant{value, std::move(tensor)});
}

void GraphPatch::update_node(NodeId node, std::vector<ValueId> inputs,
                             std::map<std::string, Attribute> attributes,
                             std::vector<std::string> provenance) {
  edits_.push_back(
      UpdateNode{node, std::move(inputs), std::move(attributes), std::move(provenance)});
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

/// Does the edits on a graph while remembering what each slot held before. Reader lists and ranks
/// are kept current around the touched nodes only. An empty value slot keeps its reader list, so
/// that a value may vanish before its readers do within one patch.
class GraphPatch::Application {
 public:
  explicit Application(Graph& graph) : graph_(graph), outputs_before_(graph.outputs_) {}

  Status run(const GraphPatch& patch) {
    for (const Edit& edit : patch.edits_) {
      Status status = std::visit([this](const auto& e) { return apply(e); }, edit);
      if (!status.ok()) return status;
    }
    link_captures();
    KASURI_RETURN_IF_ERROR(check_reads());
    if (!place_touched() && !graph_.renumber()) return Error("the patch would make a cycle");
    return Done{};
  }

  /// Puts every touched slot back as it was.
  void roll_back(const GraphPatch& patch) {
    for (const auto& [index, node] : nodes_before_) graph_.nodes_[index] = node;
    for (const auto& [index, value] : values_before_) graph_.values_[index] = value;
    graph_.outputs_ = outputs_before_;
    graph_.nodes_.resize(patch.base_nodes_);
    graph_.values_.resize(patch.base_values_);
    graph_.rebuild_consumers();
    graph_.renumber();
  }

  GraphPatch inverse(const GraphPatch& patch) {
    GraphPatch inverse;
    inverse.label_ = patch.label_;
    inverse.base_nodes_ = inverse.next_node_ = graph_.node_capacity();
    inverse.base_values_ = inverse.next_value_ = graph_.value_capacity();
    for (auto& [index, node] : nodes_before_)
      inverse.edits_.push_back(RestoreNode{index, std::move(node)});
    for (auto& [index, value] : values_before_) {
      value.consumers.clear();
      inverse.edits_.push_back(RestoreValue{index, std::move(value)});
    }
    inverse.edits_.push_back(RestoreOutputs{std::move(outputs_before_)});
    return inverse;
  }

 private:
  void grow_nodes(size_t count) {
    if (count <= graph_.nodes_.size()) return;
    graph_.nodes_.resize(count);
    graph_.ranks_.resize(count, 0);
  }
  Value& slot(ValueId id) {
    if (id.index() >= graph_.values_.size()) graph_.values_.resize(id.index() + 1);
    return graph_.values_[id.index()];
  }
  Value& touch(ValueId id) {
    Value& v = slot(id);
    if (!values_before_.contains(id.index())) {
      Value before = v;
      before.consumers.clear();
      values_before_.emplace(id.index(), std::move(before));
    }
    return v;
  }
  /// The values a node reads: inputs and captures of its bodies.
  std::vector<ValueId> reads(const Node& node) const {
    std::vector<ValueId> ids = captured_values(graph_, node);
    for (ValueId id : node.inputs)
      if (id.valid()) ids.push_back(id);
    return ids;
  }
  void link(const Node& node) {
    for (ValueId id : reads(node)) {
      auto& readers = slot(id).consumers;
      const auto at = std::lower_bound(readers.begin(), readers.end(), node.id);
      if (at == readers.end() || *at != node.id) readers.insert(at, node.id);
    }
  }
  /// Bodies capture by name: what they capture may have been put behind them.
  void link_captures() {
    for (const auto& [index, before] : nodes_before_)
      if (const Node& node = graph_.nodes_[index]; node.id.valid()) link(node);
  }
  void unlink(const Node& node) {
    for (ValueId id : reads(node)) {
      auto& readers = slot(id).consumers;
      const auto at = std::lower_bound(readers.begin(), readers.end(), node.id);
      if (at != readers.end() && *at == node.id) readers.erase(at);
    }
  }
  /// Replaces the contents of a node slot.
  void put(uint32_t index, Node node) {
    grow_nodes(index + 1);
    Node& old = graph_.nodes_[index];
    if (old.id.valid())
      unlink(old);
    else
      graph_.ranks_[index] = 0;
    graph_.live_nodes_ += (node.id.valid() ? 1 : 0);
    graph_.live_nodes_ -= (old.id.valid() ? 1 : 0);
    nodes_before_.try_emplace(index, std::move(old));
    old = std::move(node);
    if (old.id.valid()) link(old);
  }
  void put_value(uint32_t index, Value value) {
    Value& v = touch(ValueId(index));
    value.consumers = std::move(v.consumers);
    v = std::move(value);
  }

  Status apply(const PutNode& e) {
    put(e.node.id.index(), e.node);
    return Done{};
  }
  Status apply(const PutValue& e) {
    put_value(e.value.id.index(), e.value);
    return Done{};
  }
  Status apply(const DropNode& e) {
    if (!graph_.contains(e.id)) return Error("the patch removes a node that is not there");
    for (ValueId out : graph_.node(e.id).outputs)
      if (out.valid() && graph_.contains(out) && graph_.value(out).producer == e.id)
        put_value(out.index(), Value{});
    put(e.id.index(), Node{});
    return Done{};
  }
  Status apply(const DropValue& e) {
    if (!graph_.contains(e.id)) return Error("the patch removes a value that is not there");
    put_value(e.id.index(), Value{});
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
    Node n = graph_.node(e.node);
    n.inputs = e.inputs;
    n.attributes = e.attributes;
    if (!e.provenance.empty()) n.provenance = e.provenance;
    put(e.node.index(), std::move(n));
    return Done{};
  }
  Status apply(const ReplaceUses& e) {
    if (!graph_.contains(e.to)) return Error("the patch replaces by a value that is not there");
    if (graph_.contains(e.from)) {
      const ValueType &from = graph_.value(e.from).type, &to = graph_.value(e.to).type;
      if (from.is_static_tensor() && to.is_static_tensor() && !(from == to))
        return Error("the patch replaces " + from.text() + " by " + to.text());
    }
    const std::vector<NodeId> readers = slot(e.from).consumers;
    for (NodeId id : readers) {
      Node n = graph_.node(id);
      std::replace(n.inputs.begin(), n.inputs.end(), e.from, e.to);
      put(id.index(), std::move(n));
    }
    for (GraphOutput& o : graph_.outputs_)
      if (o.value == e.from) o.value = e.to;
    return Done{};
  }
  Status apply(const RestoreNode& e) {
    put(e.index, e.node);
    return Done{};
  }
  Status apply(const RestoreValue& e) {
    put_value(e.index, e.value);
    return Done{};
  }
  Status apply(const RestoreOutputs& e) {
    graph_.outputs_ = e.outputs;
    return Done{};
  }

  Status check_reads() const {
    for (const auto& [index, before] : nodes_before_) {
      const Node& n = graph_.nodes_[index];
      if (!n.id.valid()) continue;
      for (ValueId in : n.inputs)
        if (in.valid() && !graph_.contains(in))
          return Error("node '" + n.name + "' would read a removed value");
    }
    for (const auto& [index, before] : values_before_) {
      const Value& now = graph_.values_[index];
      if (now.id.valid()) continue;
      if (!now.consumers.empty())
        return Error("value '" + before.name + "' is removed but node '" +
                     graph_.node(now.consumers[0]).name + "' reads it");
      if (before.id.valid() && graph_.is_output(before.id))
        return Error("value '" + before.name + "' is removed but is a graph output");
    }
    return Done{};
  }

  /// Gives touched nodes ranks between their producers and readers; false: no room.
  bool place_touched() {
    for (const auto& [index, before] : nodes_before_)
      if (graph_.nodes_[index].id.valid() && !place(graph_.nodes_[index], before.id.valid()))
        return false;
    return true;
  }
  bool place(const Node& node, bool was_there) {
    int64_t low = 0, high = INT64_MAX;
    for (ValueId id : reads(node))
      if (const NodeId p = graph_.values_[id.index()].producer; p.valid())
        low = std::max(low, graph_.ranks_[p.index()]);
    for (ValueId id : node.outputs) {
      if (!id.valid()) continue;
      for (NodeId reader : graph_.values_[id.index()].consumers)
        if (const int64_t r = graph_.ranks_[reader.index()]; r != 0) high = std::min(high, r);
    }
    int64_t& rank = graph_.ranks_[node.id.index()];
    if (was_there && low < rank && rank < high) return true;
    if (high == INT64_MAX) high = low + (int64_t{1} << 33);
    rank = low + (high - low) / 2;
    return low < rank && rank < high;
  }

  Graph& graph_;
  std::vector<GraphOutput> outputs_before_;
  std::map<uint32_t, Node> nodes_before_;
  std::map<uint32_t, Value> values_before_;
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
