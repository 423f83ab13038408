#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// transpose(q, transpose(p, x)) = transpose(p[q], x). Runs before layout decisions: a pair that
/// cancels becomes an identity, which RemoveIdentity takes away.
class MergeTransposes : public Rule {
 public:
  MergeTransposes();
  Match match(const Scene& scene, NodeId node) const override;
};

/// reshape(s, reshape(r, x)) = reshape(s, x), for Reshape, Flatten, Squeeze and Unsqueeze.
class MergeReshapes : public Rule {
 public:
  MergeReshapes();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
