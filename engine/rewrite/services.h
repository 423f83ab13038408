#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/cancel_token.h"
#include "engine/ir/graph.h"
#include "engine/ir/runtime_value.h"

namespace kasuri {

/// Computes one node's outputs from its inputs; implemented by the reference backend. Used to fold
/// constants. `memory_limit` bytes bound the outputs.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  virtual Result<std::vector<RuntimeValue>> evaluate(
      const Graph& graph, const Node& node, std::span<const RuntimeValue> inputs) const = 0;
};

/// What the engine can put into one kernel.
class Legality {
 public:
  virtual ~Legality() = default;
  /// Can this node be written as a loop nest (map, reduce, scan) with its present static types?
  /// Empty: yes; else the reason in words.
  virtual std::optional<std::string> why_no_nest(const Graph& graph, const Node& node) const = 0;
  /// A pure movement of data by index arithmetic (Reshape, Transpose, Slice, Expand, Split, ...)?
  virtual bool is_view(const Graph& graph, const Node& node) const = 0;
  /// May `members` (topological order, one of them a Conv/Gemm/MatMul/... ) run as one contraction
  /// kernel with epilogue, or as one stitched nest if none is a contraction? Empty: yes.
  virtual std::optional<std::string> why_not_one_kernel(const Graph& graph,
                                                        std::span<const NodeId> members) const = 0;
};

/// Estimated nanoseconds on the target; only ratios matter.
class CostModel {
 public:
  virtual ~CostModel() = default;
  virtual double kernel_ns(const Graph& graph, std::span<const NodeId> members) const = 0;
};

/// What the engine does for rules.
struct Services {
  const Evaluator& evaluator;
  const Legality& legality;
  const CostModel& cost_model;
};

}  // namespace kasuri
