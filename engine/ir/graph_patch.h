#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/ir/graph.h"

namespace kasuri {

/// A change to a graph, prepared first and applied all or nothing: new constants and nodes,
/// replacements of values, removals. Ids handed out while preparing are the ids the new things
/// will have, so a patch fits only the graph version it was prepared for (checked by apply()).
///
///   GraphPatch patch(graph, "FuseConvBatchNorm");
///   ValueId w = patch.add_constant("conv1.weight_folded", folded);
///   NodeId n = patch.add_node(std::move(node));        // outputs: fresh values
///   patch.replace_value(old_output, patch.output_of(n, 0));
///   patch.remove_node(bn);                              // its outputs must be unused by then
class GraphPatch {
 public:
  GraphPatch(const Graph& graph, std::string label);

  const std::string& label() const { return label_; }
  bool empty() const { return edits_.empty(); }

  ValueId add_constant(const std::string& name, Tensor tensor);
  /// Adds a node whose outputs are fresh values named `name`, `name_1`, ... with these types.
  /// Node.id and Node.outputs are set here; Node.provenance must be filled by the caller.
  NodeId add_node(Node node, std::vector<ValueType> output_types);
  ValueId output_of(NodeId added, size_t i) const;
  /// Every reader of `from` (graph outputs included) reads `to` instead.
  void replace_value(ValueId from, ValueId to);
  /// Removes a node and its outputs.
  void remove_node(NodeId node);
  /// Removes a constant or other value nobody reads.
  void remove_value(ValueId value);
  void set_type(ValueId value, ValueType type);
  /// Turns a produced value into a constant (its producer must be removed in the same patch).
  void set_constant(ValueId value, Tensor tensor);
  /// Changes a node's attributes or inputs in place; a non-empty provenance replaces its own.
  void update_node(NodeId node, std::vector<ValueId> inputs,
                   std::map<std::string, Attribute> attributes,
                   std::vector<std::string> provenance = {});

  /// Nodes this patch adds, removes or updates (for the log and the verifier).
  std::vector<NodeId> added_nodes() const;
  std::vector<NodeId> removed_nodes() const;

  /// Applies to the graph it was prepared for and returns the patch that undoes it exactly
  /// (`graph.fingerprint()` is restored). On an error nothing has changed. Takes time in the size
  /// of the patch and its neighbourhood, except when new edges contradict the present ranks.
  Result<GraphPatch> apply(Graph& graph) const;

 private:
  class Application;
  struct PutNode {
    Node node;
  };
  struct PutValue {
    Value value;
  };
  struct DropNode {
    NodeId id;
  };
  struct DropValue {
    ValueId id;
  };
  struct SetType {
    ValueId id;
    ValueType type;
  };
  struct SetConstant {
    ValueId id;
    Tensor tensor;
  };
  struct UpdateNode {
    NodeId node;
    std::vector<ValueId> inputs;
    std::map<std::string, Attribute> attributes;
    std::vector<std::string> provenance;
  };
  struct ReplaceUses {
    ValueId from, to;
  };
  struct RestoreNode {
    uint32_t index;
    Node node;
  };
  struct RestoreValue {
    uint32_t index;
    Value value;
  };
  struct RestoreOutputs {
    std::vector<GraphOutput> outputs;
  };
  using Edit = std::variant<PutNode, PutValue, DropNode, DropValue, SetType, SetConstant,
                            UpdateNode, ReplaceUses, RestoreNode, RestoreValue, RestoreOutputs>;

  GraphPatch() = default;
  ValueId add_value(const std::string& name, ValueType type, std::optional<Tensor> constant,
                    NodeId producer);

  std::string label_;
  std::vector<Edit> edits_;
  size_t base_nodes_ = 0;  // capacities of the graph it was prepared for
  size_t base_values_ = 0;
  size_t next_node_ = 0;
  size_t next_value_ = 0;
};

}  // namespace kasuri
