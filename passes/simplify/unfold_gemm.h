#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// reshape(gemm(reshape(x), W, b)) = matmul(x, W) + b. Exports flatten the leading axes for Gemm
/// and restore them behind it; without the two reshapes the bias, activation and residual stand
/// next to the contraction, where fusion finds them.
class UnfoldGemm : public Rule {
 public:
  UnfoldGemm();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
