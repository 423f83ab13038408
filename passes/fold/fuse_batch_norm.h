#pragma once

#include "engine/rewrite/rule.h"

namespace kasuri {

/// bn(conv(x, W, b)) = conv(x, s * W, s * (b - mean) + beta), s = gamma / sqrt(var + eps). Stands
/// before parallel convolutions are merged and before fusion, which then see plain convolutions.
class FuseConvBatchNorm : public Rule {
 public:
  FuseConvBatchNorm();
  Match match(const Scene& scene, NodeId node) const override;
};

/// bn(gemm(x, W, b)) = gemm(x, W * s, s * (b - mean) + beta).
class FuseGemmBatchNorm : public Rule {
 public:
  FuseGemmBatchNorm();
  Match match(const Scene& scene, NodeId node) const override;
};

/// conv(x, W, b) * m + a = conv(x, m * W, m * b + a), m and a one number per channel.
class FoldMulAddIntoConv : public Rule {
 public:
  FoldMulAddIntoConv();
  Match match(const Scene& scene, NodeId node) const override;
};

}  // namespace kasuri
