#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// f(view(x)) = f read through an index map; view(f(x)) = f written through one. Transposes,
/// slices, expansions and their like disappear into all kernels that read them, or into the one
/// that makes their input. Attention then runs on strided operands without a copy. Stands after
/// groups are formed and layouts chosen: what is absorbed depends on both.
class EliminateViews : public Rule {
 public:
  EliminateViews();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
