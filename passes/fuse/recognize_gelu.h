#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// x/2 * (1 + erf(x / sqrt 2)), or x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))), in any
/// spelling: the nodes between x and the one value that leaves them are evaluated at sample points
/// and compared with GELU. Stands after FuseContractionEpilogue, which takes GELUs behind a
/// contraction.
class RecognizeGelu : public Rule {
 public:
  RecognizeGelu();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
