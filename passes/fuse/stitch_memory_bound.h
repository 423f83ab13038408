#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// g(f(x)) with f, g memory-bound = one kernel that keeps f(x) in registers or cache. Neighbours
/// are joined when they work on the same elements or the same rows, when nobody else needs the
/// value in between, and when the cost model says that the bytes saved are worth it. Nothing is
/// computed twice. Stands after well-known groups are formed, which it extends.
class StitchMemoryBound : public Rule {
 public:
  StitchMemoryBound();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
