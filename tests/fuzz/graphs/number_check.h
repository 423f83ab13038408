#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/ir/graph.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::testing {

using NamedValues = std::map<std::string, RuntimeValue>;

/// Made-up inputs, the same for the same names and types: floats in [-2, 2), small integers.
NamedValues inputs_of(const Graph& graph);

/// What the reference backend gives for a graph, and how far rounding may move it.
class Truth {
 public:
  /// Errors: the reference backend refuses the graph.
  static Result<Truth> of(const Graph& graph);

  const NamedValues& inputs() const { return inputs_; }
  /// Why these are not the graph's outputs; empty: they are. Integers, booleans and strings must be
  /// equal. Floats may differ by a few roundings of their type; where they differ more, by what a
  /// last-bit change of every operand on the way does to the output, times a margin.
  std::optional<std::string> mismatch(const std::vector<RuntimeValue>& outputs);

 private:
  explicit Truth(const Graph& graph) : graph_(graph), inputs_(inputs_of(graph)) {}
  Status measure_noise();

  const Graph& graph_;
  NamedValues inputs_;
  std::vector<RuntimeValue> outputs_;
  std::vector<double> noise_;  // by output; empty until asked for
};

}  // namespace kasuri::testing
