#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// f(x), f(x) = let y = f(x) in y, y. Same operator, version, attributes and inputs (small
/// constants by content). Runs after identities are gone, so that equal inputs are the same value.
class MergeEqualNodes : public Rule {
 public:
  MergeEqualNodes();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
