#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kasuri::cpu {

/// What a contraction over codes adds to its sums: a bias, less the data's zero point times the sum
/// of each channel's weights where the library does not take it off itself.
struct SumOffset {
  std::vector<float> bias;            ///< Added by the library; empty: it adds none.
  std::vector<int32_t> channel_sums;  ///< Empty: nothing is left to take off.
  int zero_input = -1;                ///< Step input with the zero point; -1: it is `zero`.
  bool zero_is_signed = false;
  int32_t zero = 0;
  int64_t result_count = 0;  ///< int32 sums to correct, channels innermost; 0: the bias does it.

  int64_t workspace_bytes() const;
  /// The bias of this run, in `workspace` where it depends on the zero point.
  const float* bias_for(std::span<const std::byte* const> inputs, std::byte* workspace) const;
  void correct(std::span<const std::byte* const> inputs, std::byte* result) const;

 private:
  int32_t zero_of(std::span<const std::byte* const> inputs) const;
};

}  // namespace kasuri::cpu
