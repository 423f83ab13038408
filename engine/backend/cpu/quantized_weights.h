#pragma once

#include "engine/backend/cpu/quantized_terms.h"

namespace kasuri::cpu {

/// Is there anything to take off the weights' codes?
bool has_weight_zeros(const QuantizedTerms& terms);

/// Sums of the weights, zero points taken off, of each output channel.
std::vector<int32_t> channel_sums(const Graph& graph, const QuantizedTerms& terms);

/// Input channels some weights of which, zero points taken off, need more than 8 bits. Empty
/// optional: some need more than twice the range.
std::optional<std::vector<int32_t>> wide_inputs(const Graph& graph, const QuantizedTerms& terms);

/// Extent of the input axis of library_weights(): the inputs, those read twice, zeros to a multiple
/// of four.
int64_t library_width(const Graph& graph, const QuantizedTerms& terms);

/// Signed 8-bit weights without zero points, in the order of the constant's axes. What exceeds 8
/// bits is the weight of a second reading of the input channel, behind all others.
std::vector<int8_t> library_weights(const Graph& graph, const QuantizedTerms& terms);

}  // namespace kasuri::cpu
