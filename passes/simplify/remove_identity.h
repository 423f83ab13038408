#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// id(x) = x: Identity, Dropout at inference, casts to the same type, movements that move nothing,
/// x * 1, x / 1, x - 0, x ^ 1, x + (-0). Bits stay the same, which is why x + 0 stays: it turns -0
/// into +0. Runs after folding, before rules that look for neighbours.
class RemoveIdentity : public Rule {
 public:
  RemoveIdentity();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
