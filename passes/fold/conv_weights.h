#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/rewrite/rule.h"

namespace kasuri {

/// Per-channel y -> y * scale + shift; one entry per output channel.
struct Affine {
  std::vector<float> scale, shift;
};

/// BatchNormalization at inference as an affine map of its channels; a reason if it is not one.
std::variant<Affine, Declined> affine_of_batch_norm(const Graph& graph, const Node& node);
/// A constant operand that is one number or one number per channel (axis 1) of a value of this
/// rank.
std::optional<std::vector<float>> per_channel(const Graph& graph, ValueId constant, int rank,
                                              int64_t channels);
/// Channels of a Conv, ConvTranspose or Gemm with constant float32 weights, or why it has none.
std::variant<int64_t, Declined> output_channels(const Graph& graph, const Node& node);
/// Scales the weights and moves the bias of a Conv, ConvTranspose or Gemm so that it computes
/// affine(node(x)); `follower` (whose law that was) disappears.
Match fold_affine(const Graph& graph, const Node& node, const Node& follower, const Affine& affine);

}  // namespace kasuri
