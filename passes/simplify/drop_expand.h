#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// f(x, expand(y)) = f(x, y) where broadcasting gives the same result: exports spell out what
/// elementwise operators do by themselves.
class DropExpand : public Rule {
 public:
  DropExpand();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
