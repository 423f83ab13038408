#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// Q(e(contraction(DQ x, DQ w))) in one kernel over the 8-bit codes:
///
///   x codes -> DequantizeLinear -+
///                                +-> Conv/MatMul/Gemm -> e -> QuantizeLinear -> codes
///   w codes -> DequantizeLinear -+
///
/// The sums of products are exact in int32; scales, bias, the elementwise steps e and the last
/// rounding follow in float32, so a code may differ by one step where a quotient lies on a tie.
/// Integer products (MatMulInteger, ConvInteger) take their Cast and what follows it.
/// Stands before the weights' DequantizeLinear is folded and before epilogues are fused.
class ContractInInt8 : public Rule {
 public:
  ContractInInt8();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
