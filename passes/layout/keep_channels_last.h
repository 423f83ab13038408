#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// store(x) with channels innermost, wherever convolutions, pooling and resizing work on x. Decided
/// once per region of values that are connected by nodes indifferent to layout: all of it or none.
/// Graph inputs and outputs stay row-major. Stands before views are absorbed, because a Transpose
/// that ends in this order then moves nothing.
class KeepChannelsLast : public Rule {
 public:
  KeepChannelsLast();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
