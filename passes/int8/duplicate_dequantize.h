#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// f(DQ x), g(DQ x) = f(DQ x), g(DQ x again): each kernel reads the codes, a quarter of the bytes,
/// and nobody has to store the numbers. Only for readers that can take the DequantizeLinear into
/// their kernel. Stands in front of everything that forms kernels, behind the merging of equals.
class DuplicateDequantize : public Rule {
 public:
  DuplicateDequantize();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
