#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <vector>

#include "engine/base/cancel_token.h"
#include "engine/base/result.h"
#include "engine/ir/graph.h"
#include "engine/ir/runtime_value.h"

namespace kasuri::profiling {

/// What of a decoder depends on how many tokens the cache holds, and on nothing else: positions,
/// rotary tables, the causal mask, shapes. These nodes read the extents of the cache, never data.
class LengthProgram {
 public:
  /// The same model with `past` cached tokens and with one less.
  static LengthProgram find(std::shared_ptr<const Graph> graph, const Graph& one_less,
                            int64_t past);

  /// Is the node evaluated here rather than in the plan?
  bool has(NodeId node) const { return dependent_.contains(node); }
  /// Values read outside, as data: these become inputs of the plan.
  const std::vector<ValueId>& data() const { return data_; }
  /// Values read outside as shapes only: with a cache of fixed size they are constants.
  const std::vector<ValueId>& shapes() const { return shapes_; }
  /// Values of `wanted` when the cache holds `past` tokens.
  Result<std::vector<Tensor>> evaluate(const std::vector<ValueId>& wanted, int64_t past,
                                       const TaskContext& context) const;

 private:
  void find_nodes();
  void find_leaving();
  bool is_settled(const Node& node, bool& dependent) const;
  Tensor shape_at(ValueId value, int64_t past) const;

  std::shared_ptr<const Graph> graph_;
  int64_t past_ = 0;
  std::vector<std::vector<int64_t>> growth_;  // by value: what an extent grows per cached token
  std::vector<NodeId> program_;               // in order: pure and dependent nodes
  std::set<NodeId> pure_, dependent_;
  std::vector<ValueId> data_, shapes_;
};

}  // namespace kasuri::profiling
