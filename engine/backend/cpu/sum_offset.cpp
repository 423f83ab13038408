#include "engine/backend/cpu/sum_offset.h"

namespace kasuri::cpu {

int64_t SumOffset::workspace_bytes() const {
  const bool computed = !channel_sums.empty() && result_count == 0;
  return computed ? static_cast<int64_t>(bias.size() * sizeof(float)) : 0;
}

int32_t SumOffset::zero_of(std::span<const std::byte* const> inputs) const {
  if (zero_input < 0) return zero;
  const std::byte code = *inputs[static_cast<size_t>(zero_input)];
  return zero_is_signed ? static_cast<int8_t>(code) : static_cast<uint8_t>(code);
}

const float* SumOffset::bias_for(std::span<const std::byte* const> inputs,
                                 std::byte* workspace) const {
  if (bias.empty()) return nullptr;
  if (channel_sums.empty()) return bias.data();
  auto* values = reinterpret_cast<float*>(workspace);
  const int64_t by = zero_of(inputs);
  for (size_t c = 0; c < bias.size(); ++c)
    values[c] = bias[c] - static_cast<float>(by * channel_sums[c]);
  return values;
}

void SumOffset::correct(std::span<const std::byte* const> inputs, std::byte* result) const {
  if (result_count == 0) return;
  auto* sums = reinterpret_cast<int32_t*>(result);
  const auto channels = static_cast<int64_t>(channel_sums.size());
  const int32_t by = zero_of(inputs);
  for (int64_t row = 0; row < result_count / channels; ++row)
    for (int64_t c = 0; c < channels; ++c)
      sums[row * channels + c] -= by * channel_sums[static_cast<size_t>(c)];
}

}  // namespace kasuri::cpu
