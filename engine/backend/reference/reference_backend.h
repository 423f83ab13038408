#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/backend/reference/graph_interpreter.h"

namespace kasuri {

/// Plain loops, the truth other backends are compared with. Floating formats are computed in double
/// and rounded once per operator; sums run in index order. Any shapes, sequences, optionals and
/// control flow. Wrong data is an error that says what is wrong; memory is bounded.
class ReferenceBackend : public LibraryBackend, public Evaluator {
 public:
  /// `memory_limit`: bytes that tensors of this process may take beside those alive now; 0: the
  /// default_memory_limit().
  explicit ReferenceBackend(int64_t memory_limit = 0);

  std::optional<std::string> why_not(const Graph& graph, const Node& node) const override;
  Result<std::vector<RuntimeValue>> run(
      const Graph& graph, const Node& node, std::span<const RuntimeValue> inputs,
      const std::function<Result<RuntimeValue>(const std::string&)>& captured,
      const TaskContext& context) const override;
  /// Bodies see constants of `graph` only.
  Result<std::vector<RuntimeValue>> evaluate(const Graph& graph, const Node& node,
                                             std::span<const RuntimeValue> inputs) const override;

 private:
  int64_t memory_limit_, alive_before_;
};

/// Runs a whole model. `inputs` by name; one that is missing is an error unless its type is
/// optional. Results in the order of the graph's outputs.
Result<std::vector<RuntimeValue>> run_model(const Graph& graph,
                                            const std::map<std::string, RuntimeValue>& inputs,
                                            const TaskContext& context,
                                            const reference::NodeObserver& observer = nullptr);

}  // namespace kasuri
