#pragma once

#include <vector>

#include "engine/rewrite/rule.h"

namespace kasuri {

/// One summand that is linear in `input`: a convolution, BatchNorm or the input itself.
struct ConvBranch {
  ValueId input;
  const Node* node = nullptr;       ///< Conv or BatchNormalization; null for the input itself.
  std::vector<float> scale, shift;  ///< Of a BatchNormalization.
};

/// Where a convolution reads, per spatial axis.
struct ConvGeometry {
  std::vector<int64_t> kernel, strides, pads_begin, pads_end;
  int64_t group = 1, in_channels = 0, out_channels = 0;
};

/// Geometry of a Conv with constant float32 weights and dilation 1, or why it has none.
std::variant<ConvGeometry, Declined> geometry_of(const Graph& graph, const Node& conv);

/// The smallest kernel that covers all branches; a reason if they do not fit together.
std::variant<ConvGeometry, Declined> common_geometry(const Graph& graph,
                                                     const std::vector<ConvBranch>& branches);

/// Sums of the branches' kernels, placed in the common one, and of their biases.
struct MergedWeights {
  Tensor weights, bias;
};
MergedWeights merge_weights(const Graph& graph, const std::vector<ConvBranch>& branches,
                            const ConvGeometry& common);

}  // namespace kasuri
