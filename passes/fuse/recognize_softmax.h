#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// softmax(s * x + mask) in one kernel, with scale (Mul, Div), mask (Add, Sub, Where) before it and
/// the guard of torch exports behind it: where(isnan(y), 0, y).
class RecognizeSoftmax : public Rule {
 public:
  RecognizeSoftmax();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
