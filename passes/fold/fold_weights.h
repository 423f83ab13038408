#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// The DequantizeLinear of constant codes that FoldConstants kept for a contraction, and that no
/// kernel took, becomes float weights after all. Part of every run; stands behind the pass that
/// forms kernels over codes.
class FoldWeights : public Rule {
 public:
  FoldWeights();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
