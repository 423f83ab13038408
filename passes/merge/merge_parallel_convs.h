#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// conv(x, V) + conv(x, W) = conv(x, pad(V) + pad(W)); x = conv(x, delta), bn(x) = conv(x,
/// s*delta).
///
///        x -+- 1x1 -+                 x
///           +- 3x3 -+- Add      ->    |
///           +- BN --+                3x3
///
/// All branches of a sum of any association, with equal strides and groups, become one convolution.
/// Stands after BatchNorm folding (branches are plain then) and before activation fusion.
class MergeParallelConvs : public Rule {
 public:
  MergeParallelConvs();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
