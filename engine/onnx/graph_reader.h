#pragma once

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

#include "engine/base/cancel_token.h"
#include "engine/ir/graph.h"
#include "engine/onnx/dim_binder.h"
#include "engine/onnx/messages.h"
#include "engine/onnx/tensor_reader.h"

namespace kasuri::onnx {

/// One function call being inlined: what its body sees instead of the model around it.
struct Call {
  const FunctionMessage* function = nullptr;
  const Call* caller = nullptr;
  int depth = 1;
  std::string prefix;                          ///< "call_site/", before every local name.
  std::map<std::string, Attribute> arguments;  ///< What ref_attr_name refers to.
  std::map<std::string, int> opsets;
  std::map<std::string, std::string> metadata;  ///< Of the call site, for nodes without their own.
  const GraphBuilder* builder = nullptr;        ///< Where it is inlined.
};

/// Names visible in one graph (or one function body) while it is read.
struct Scope {
  GraphBuilder& builder;
  const Scope* outer = nullptr;  ///< The graph outside; null at the top and in functions.
  const Call* call = nullptr;
  std::unordered_map<std::string_view, ValueId> names;
  /// The message that defines each constant. Files exist that define one twice; as in ONNX
  /// Runtime the last definition counts.
  std::unordered_map<std::string_view, const void*> constants;
};

/// Turns messages into Graphs: declares all names first, so that nodes may stand in any order, then
/// adds the nodes. A body first captures every outside name that it or a body inside it reads, so
/// captures are explicit at each level and a local name can never hide one.
class GraphReader {
 public:
  GraphReader(const ModelMessage& model, const TensorReader& tensors, const TaskContext& task);

  Result<Graph> read(const ImportOptions& options);

  const std::vector<DimBinding>& dims() const { return dims_; }
  const std::vector<ValueType>& declared_inputs() const { return declared_inputs_; }
  const std::vector<std::string>& notes() const { return notes_; }
  int64_t weight_bytes() const { return weight_bytes_; }

 private:
  using FunctionKey = std::tuple<std::string_view, std::string_view, std::string_view>;
  using Types = std::unordered_map<std::string_view, const TypeMessage*>;

  // graph_reader.cpp
  Status prepare();
  void find_constants(const GraphMessage* graph, const std::vector<NodeMessage>& nodes,
                      Scope& scope);
  Status declare_inputs(const GraphMessage& message, Scope& scope, DimBinder* binder);
  Status declare_constants(const GraphMessage& message, Scope& scope);
  Status declare_constant(std::string_view name, const void* message, const Tensor& tensor,
                          Scope& scope);
  Status declare_outputs(const std::vector<NodeMessage>& nodes, const Types& types, Scope& scope);
  Status add_nodes(const std::vector<NodeMessage>& nodes, Scope& scope);
  Status add_node(const NodeMessage& message, Scope& scope);
  Status add_constant(const NodeMessage& message, Scope& scope);
  Status add_outputs(const GraphMessage& message, Scope& scope);
  Result<GraphPointer> read_body(const GraphMessage& message, const Scope& outer);
  Status fill(const GraphMessage& message, Scope& scope, DimBinder* binder);
  Result<std::vector<ValueId>> resolve(const std::vector<std::string_view>& names,
                                       const Scope& scope) const;
  void note(std::string text);

  // attribute_reader.cpp
  Result<std::map<std::string, Attribute>> read_attributes(const NodeMessage& message,
                                                           const Scope& scope);
  Result<std::optional<Attribute>> read_attribute(const AttributeMessage& message,
                                                  const Scope& scope);
  Result<Attribute> read_value(const AttributeMessage& message, int64_t kind, const Scope& scope);
  Result<Tensor> read_constant(const NodeMessage& message, const Scope& scope);

  // function_inliner.cpp
  const FunctionMessage* function_of(const NodeMessage& message) const;
  Status inline_call(const NodeMessage& message, const FunctionMessage& function, Scope& scope);
  Result<Call> call_of(const NodeMessage& message, const FunctionMessage& function,
                       const Scope& scope);

  const ModelMessage& model_;
  const TensorReader& tensors_;
  const TaskContext& task_;
  std::map<FunctionKey, const FunctionMessage*> functions_;
  std::map<std::string, int> opsets_;
  std::vector<DimBinding> dims_;
  std::vector<ValueType> declared_inputs_;
  std::vector<std::string> notes_;
  int64_t weight_bytes_ = 0;
  size_t node_count_ = 0;
};

/// "importing node 17 'conv1' (Conv, opset 11)"
std::string describe(const NodeMessage& node, size_t index, int opset);
/// A name as the graph being built will know it: in functions behind the call's prefix.
std::string local_name(std::string_view name, const Scope& scope);
/// "" for the standard domain under either of its names.
std::string_view standard_domain(std::string_view domain);
Result<std::map<std::string, int>> read_opsets(const std::vector<OpsetMessage>& opsets);

}  // namespace kasuri::onnx
