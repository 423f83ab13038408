#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// f(c1, c2, ...) = c, computed once by the reference kernels; shape(x) = c for a static x. Stands
/// first: everything after it matches constants, not the arithmetic that made them. Part of every
/// run, so that a baseline is never charged for work no runtime would repeat. 8-bit weights of a
/// contraction over quantised data wait for FoldWeights.
class FoldConstants : public Rule {
 public:
  FoldConstants();
  Match match(const Scene& scene, NodeId node) const override;
};

/// A node of constants alone, replaced by its results.
Match fold_node(const Scene& scene, const Node& node);

}  // namespace kasuri
