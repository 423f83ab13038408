#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/cancel_token.h"
#include "engine/ir/graph.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::reference {

/// Finds a value of the enclosing graph by name.
using CaptureLookup = std::function<Result<RuntimeValue>(const std::string&)>;

/// Told of every node of the outermost graph after it ran; an error ends the run.
using NodeObserver = std::function<Status(const Node&, std::span<const RuntimeValue> inputs,
                                          std::span<const RuntimeValue> outputs)>;

/// What runs need besides inputs. `captured` and `observer` may be empty.
struct GraphServices {
  const LibraryBackend& backend;
  const TaskContext& task;
  CaptureLookup captured;
  NodeObserver observer;
};

/// A graph made ready to run many times on any inputs: nodes in topological order, each value
/// dropped after its last use. Refers to the graph, which must outlive it.
class GraphInterpreter {
 public:
  explicit GraphInterpreter(const Graph& graph);
  /// Inputs and results by position. Errors name the node; bodies may nest 64 deep.
  Result<std::vector<RuntimeValue>> run(std::vector<RuntimeValue> inputs,
                                        const GraphServices& services) const;

 private:
  using Environment = std::vector<RuntimeValue>;

  Result<Environment> start(std::vector<RuntimeValue> inputs, const GraphServices& services) const;
  Status run_node(const Node& node, Environment& values, const GraphServices& services) const;
  Result<RuntimeValue> find(const std::string& name, const Environment& values,
                            const GraphServices& services) const;

  const Graph& graph_;
  std::vector<NodeId> order_;
  std::vector<std::vector<ValueId>> dying_;  // by position in order_
};

}  // namespace kasuri::reference
