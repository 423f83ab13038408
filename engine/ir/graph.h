#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/node.h"

namespace kasuri {

class GraphPatch;
class GraphBuilder;

/// One edge: produced by one node output, a graph input, a constant, or captured from outside.
struct Value {
  ValueId id;
  std::string name;  ///< Unique in its graph, never empty.
  ValueType type;
  std::optional<Tensor> constant;  ///< Set for initialisers and folded values.
  NodeId producer;                 ///< none() for graph inputs, constants and captures.
  std::vector<NodeId> consumers;   ///< Each reader once, in id order (captures by bodies included).
  bool is_constant() const { return constant.has_value(); }
};

struct GraphOutput {
  std::string name;  ///< The model's name for it, whatever value is behind it.
  ValueId value;
};

/// A directed acyclic graph of operators. Owns its nodes and values; the public face is const and
/// only GraphBuilder (while making it) and GraphPatch (afterwards) change it. Copying is cheap
/// next to the weights, which are shared. Ids stay valid across patches; removed ones are not
/// reused. A sub-graph (body of If, Loop, Scan) is a Graph whose `captures()` name values of the
/// graph outside.
class Graph {
 public:
  const std::string& name() const { return name_; }
  std::span<const ValueId> inputs() const { return inputs_; }  ///< Without initialisers.
  std::span<const GraphOutput> outputs() const { return outputs_; }
  /// Values that stand for a value of the enclosing graph with the same name.
  std::span<const ValueId> captures() const { return captures_; }
  const std::map<std::string, int>& opsets() const { return opsets_; }  ///< domain -> version
  int opset() const;                                                    ///< Of ai.onnx.
  const std::map<std::string, std::string>& metadata() const { return metadata_; }

  bool contains(NodeId id) const {
    return id.index() < nodes_.size() && nodes_[id.index()].id.valid();
  }
  bool contains(ValueId id) const {
    return id.index() < values_.size() && values_[id.index()].id.valid();
  }
  const Node& node(NodeId id) const;
  const Value& value(ValueId id) const;
  /// Live ids in ascending order.
  std::vector<NodeId> node_ids() const;
  std::vector<ValueId> value_ids() const;
  size_t node_count() const { return live_nodes_; }
  /// One past the largest id ever used: sizes of side tables indexed by id.
  size_t node_capacity() const { return nodes_.size(); }
  size_t value_capacity() const { return values_.size(); }

  std::optional<NodeId> find_node(std::string_view name) const;
  std::optional<ValueId> find_value(std::string_view name) const;

  /// Nodes so that producers come first; among the ready ones, the lowest id first.
  std::vector<NodeId> topological_order() const;
  /// A number that grows along every edge; kept by builder and patches, so that rules can order
  /// nodes and bound searches without walking the graph. Its size means nothing else.
  int64_t rank(NodeId id) const { return ranks_[id.index()]; }
  bool is_output(ValueId id) const;
  /// The node's input as a constant, if it is one.
  const Tensor* constant_input(const Node& node, size_t i) const;

  /// Hash of structure, names, attributes, types and constants; the same for the same graph
  /// whatever its ids are.
  Fingerprint fingerprint() const;

 private:
  friend class GraphBuilder;
  friend class GraphPatch;

  void rebuild_consumers();
  /// Fresh ranks from a full sort; false if there is a cycle.
  bool renumber();

  std::string name_;
  std::vector<Node> nodes_;     // tombstone: id invalid
  std::vector<Value> values_;   // tombstone: id invalid
  std::vector<int64_t> ranks_;  // by node
  std::vector<ValueId> inputs_;
  std::vector<GraphOutput> outputs_;
  std::vector<ValueId> captures_;
  std::map<std::string, int> opsets_;
  std::map<std::string, std::string> metadata_;
  size_t live_nodes_ = 0;
};

/// Values of `graph` that bodies of `node` capture by name, at any depth; ascending, unique.
std::vector<ValueId> captured_values(const Graph& graph, const Node& node);

/// Builds a new graph. Names are made unique by suffixing; `take()` checks the result with the
/// verifier's structural rules (every input defined, one producer each, no cycle).
class GraphBuilder {
 public:
  explicit GraphBuilder(std::string name = "graph");

  GraphBuilder& opset(const std::string& domain, int version);
  GraphBuilder& metadata(const std::string& key, const std::string& value);
  ValueId input(const std::string& name, ValueType type);
  ValueId capture(const std::string& name, ValueType type);
  ValueId constant(const std::string& name, Tensor tensor);
  /// A value that a later node will produce (needed where names are used before definition).
  ValueId declare(const std::string& name, ValueType type = {});
  /// `node.outputs` name declared values; node.id is set here; an empty node.name is made up from
  /// its first output's name.
  NodeId add(Node node);
  /// Convenience: one node with fresh outputs called `name`, `name_1`, ...
  std::vector<ValueId> add(OpKind op, const std::string& name, std::vector<ValueId> inputs,
                           int output_count = 1, std::map<std::string, Attribute> attributes = {});
  void output(const std::string& name, ValueId value);
  void set_type(ValueId value, ValueType type);
  const Graph& peek() const { return graph_; }
  /// Structural errors are the user's: duplicate producer, undefined input, cycle.
  Result<Graph> take();

 private:
  Graph graph_;
  std::map<std::string, int> used_names_;
};

}  // namespace kasuri
