#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// e(contraction(x, W)) in one kernel: elementwise steps on the result (bias, activation, residual,
/// gate) are done before it is stored. Whole chains and diamonds (x * sigmoid(x), GELU) are taken
/// as long as one value leaves. Stands after softmax and norms are recognised, which need their own
/// elementwise neighbours, and before lone GELUs are.
class FuseContractionEpilogue : public Rule {
 public:
  FuseContractionEpilogue();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
