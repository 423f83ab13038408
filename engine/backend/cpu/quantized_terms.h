#pragma once

#include <optional>
#include <vector>

#include "engine/backend/backend.h"

namespace kasuri::cpu {

/// Codes of 8 bits and what they stand for: (code - zero) * scale.
struct CodeScale {
  float scale = 1;
  int32_t zero = 0;
};

/// A contraction over 8-bit codes: its integer sums are
///   sum of (source - source_zero) * (weights - weight_zeros),  plus bias,  times scales.
struct QuantizedTerms {
  ValueId source, weights;            ///< The codes; weights are constant.
  int32_t source_zero = 0;            ///< When it is constant.
  ValueId run_time_zero;              ///< Else its value; none() when constant.
  std::vector<int32_t> weight_zeros;  ///< One, or one per output channel.
  size_t channel_axis = 0;            ///< Of the weights' first two axes the output channels'.
  std::vector<int32_t> wide_inputs;   ///< Input channels read twice: their weights leave 8 bits.
  std::vector<double> scales;         ///< One, or one per output channel; empty: sums are wanted.
  std::vector<double> bias;           ///< Per output channel, in units of the sums; empty: none.
  std::optional<CodeScale> stored;    ///< The operator itself stores codes (QLinearConv).
};

/// QLinearConv, QLinearMatMul, ConvInteger, MatMulInteger.
bool is_integer_contraction(const Node& node);
bool is_convolution(const Node& node);  ///< Conv and ConvTranspose, quantised or not.
/// Does the root read codes: by its own kind, or through a DequantizeLinear of the group?
bool reads_codes(const KernelRequest& request, const Node& root);

/// Errors (kUnavailable) give the reason: codes of other sizes, weights that are computed, scales
/// that are not constant, zero points that do not leave 8 bits, a processor that would saturate.
Result<QuantizedTerms> quantized_terms(const KernelRequest& request, const Node& root);

/// Scale and zero point of a QuantizeLinear to 8-bit codes with one constant scale.
std::optional<CodeScale> stored_codes(const Graph& graph, const Node& quantize);

}  // namespace kasuri::cpu
