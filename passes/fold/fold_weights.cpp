#include "passes/fold/fold_weights.h"

#include "passes/fold/fold_constants.h"

namespace kasuri {

FoldWeights::FoldWeights()
    : Rule({.name = "FoldWeights",
            .law = "DQ(constant codes) = constant, where no kernel takes codes"}) {}

Match FoldWeights::match(const Scene& scene, NodeId id) const {
  const Node& node = scene.graph.node(id);
  if (!node.is("DequantizeLinear") || scene.decisions.group_of(id)) return NotHere{};
  return fold_node(scene, node);
}

}  // namespace kasuri
