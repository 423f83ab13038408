#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// gather(x, c) = reshape(slice(x, c, c + 1)) for one constant index: a view instead of a lookup.
/// Exports split queries, keys and values this way.
class TakeSlice : public Rule {
 public:
  TakeSlice();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
