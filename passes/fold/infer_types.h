#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// type(f(x)) follows from f and type(x). Stands first, together with folding: a folded shape makes
/// the next type known, a known type makes the next shape foldable.
class InferTypes : public Rule {
 public:
  InferTypes();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
