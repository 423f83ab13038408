#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// f(x) with no reader = nothing. May stand anywhere; runs with folding so that every later match
/// sees true reader counts.
class RemoveDeadNodes : public Rule {
 public:
  RemoveDeadNodes();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
