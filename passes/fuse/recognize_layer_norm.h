#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// (x - mean(x)) / sqrt(mean((x - mean(x))^2) + eps) * gamma + beta in one kernel, and its sibling
/// without the mean (RMSNorm), however the steps are spelt: everything that is computed from x,
/// from constants and from means of it over the trailing axes, until one value leaves.
class RecognizeLayerNorm : public Rule {
 public:
  RecognizeLayerNorm();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
