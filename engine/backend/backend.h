#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/backend/kernel.h"
#include "engine/base/cancel_token.h"
#include "engine/ir/graph.h"
#include "engine/ir/runtime_value.h"
#include "engine/rewrite/services.h"

namespace kasuri {

/// Physical form of one operand of a step.
struct OperandLayout {
  std::vector<int> axis_order;  ///< Outermost first; empty: row-major.
};

/// What a backend is asked to compile: members in topological order (absorbed views first where
/// they come first), with the values that come in and go out. All types are static.
struct KernelRequest {
  const Graph* graph = nullptr;
  std::vector<NodeId> members;
  std::vector<ValueId> inputs;   ///< Outside values read, constants included, each once.
  std::vector<ValueId> outputs;  ///< Values read outside the group or graph outputs.
  std::vector<OperandLayout> input_layouts, output_layouts;
  int threads = 1;
};

/// Compiles groups of nodes. Unavailable backends say why.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string name() const = 0;         ///< "cpu"
  virtual std::string description() const = 0;  ///< "CPU, AVX-512, oneDNN 2.6.3"
  /// The reason this request cannot be compiled, before trying; empty: it can.
  virtual std::optional<std::string> why_not(const KernelRequest& request) const = 0;
  virtual Result<KernelPointer> compile(const KernelRequest& request) const = 0;
  /// Compiles many at once (in parallel, one code module); one result per request.
  virtual std::vector<Result<KernelPointer>> compile_all(std::span<const KernelRequest> requests,
                                                         const TaskContext& context) const = 0;
  /// The layout (axis order) this backend reads and writes fastest for a member's value, e.g.
  /// {0,2,3,1} for the data of a Conv; empty: row-major.
  virtual std::vector<int> preferred_layout(const Graph& graph, const Node& node) const = 0;
  virtual const Legality& legality() const = 0;
  virtual const CostModel& cost_model() const = 0;
};

/// Runs a node directly on runtime values, whatever their shapes: the reference backend.
class LibraryBackend {
 public:
  virtual ~LibraryBackend() = default;
  /// Empty: can run; else the reason ("no reference kernel for MaxUnpool").
  virtual std::optional<std::string> why_not(const Graph& graph, const Node& node) const = 0;
  /// `captured` gives values of the enclosing graph for bodies, by name.
  virtual Result<std::vector<RuntimeValue>> run(
      const Graph& graph, const Node& node, std::span<const RuntimeValue> inputs,
      const std::function<Result<RuntimeValue>(const std::string&)>& captured,
      const TaskContext& context) const = 0;
};

/// The backends a plan may use; the library one is always there.
struct BackendSet {
  std::vector<std::shared_ptr<const Backend>> compiled;  ///< In order of preference.
  std::shared_ptr<const LibraryBackend> library;
};

}  // namespace kasuri
