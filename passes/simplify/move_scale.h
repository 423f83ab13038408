#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// (s * A) . (t * B) = (s * t) * (A . B). Attention exports scale queries and keys before their
/// product; behind it one factor remains, which softmax or the contraction takes along. Only
/// between computed operands: in front of weights the factor may be the end of a GELU.
class MoveScaleBehindMatMul : public Rule {
 public:
  MoveScaleBehindMatMul();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
