#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "engine/ir/shape_inference/context.h"

namespace kasuri::shape_inference {

/// Types of all values of one graph, found producers first. Bodies get walks of their own, which
/// find captured values through the walk outside.
class Walk : public BodyInference {
 public:
  /// Starts from the types and constants the graph declares.
  explicit Walk(const Graph& graph, const Walk* outside = nullptr);

  /// Types every node in turn; `inputs` replace the graph's input types where they know more.
  Status run(const std::vector<ValueType>& inputs);
  Result<std::vector<ValueType>> infer(const Node& node);
  Result<std::vector<ValueType>> body_outputs(const Node& node, const Graph& body,
                                              const std::vector<ValueType>& inputs) override;

  std::vector<ValueType> output_types() const;
  /// The graph with all types set, bodies included.
  Result<Graph> typed() const;

 private:
  using BodyKey = std::pair<NodeId, const Graph*>;

  const ValueType& type(ValueId id) const;
  const Tensor* constant(ValueId id) const;
  void capture();
  Status visit(const Node& node);
  Status visit_bodies(const Node& node);
  Attribute typed_body(const Node& node, const Attribute& attribute) const;

  const Graph& graph_;
  const Walk* outside_;
  int depth_;
  std::vector<ValueType> types_;                       // by value; empty until run()
  std::vector<std::shared_ptr<const Tensor>> values_;  // by value: found shape arithmetic
  std::map<BodyKey, std::unique_ptr<Walk>> bodies_;
  std::vector<Context::Input> inputs_;  // scratch
};

}  // namespace kasuri::shape_inference
