#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/backend/reference/reference_backend.h"
#include "engine/ir/graph.h"

namespace kasuri::testing {

/// One operator to run.
struct Call {
  OpKind op;
  std::vector<RuntimeValue> inputs;
  std::map<std::string, Attribute> attributes;
  int opset = 21;
  int outputs = 1;
};

/// Runs one node alone in a graph.
inline Result<std::vector<RuntimeValue>> run_node(const Call& call, const TaskContext& task = {},
                                                  int64_t memory_limit = int64_t{1} << 30) {
  GraphBuilder builder("single");
  builder.opset("", call.opset);
  Node node;
  node.op = call.op;
  node.opset = call.opset;
  node.name = "the_node";
  node.attributes = call.attributes;
  for (size_t i = 0; i < call.inputs.size(); ++i)
    node.inputs.push_back(call.inputs[i].present() ? builder.input("in" + std::to_string(i), {})
                                                   : ValueId::none());
  for (int i = 0; i < call.outputs; ++i)
    node.outputs.push_back(builder.declare("out" + std::to_string(i)));
  const NodeId id = builder.add(node);
  KASURI_TRY(const Graph graph, builder.take());
  const ReferenceBackend backend(memory_limit);
  return backend.run(graph, graph.node(id), call.inputs, nullptr, task);
}

inline Tensor only(const Result<std::vector<RuntimeValue>>& result) {
  return result.value().at(0).tensor();
}

template <typename T>
std::vector<T> values(const Tensor& tensor) {
  const auto data = tensor.data<T>();
  return {data.begin(), data.end()};
}

}  // namespace kasuri::testing
