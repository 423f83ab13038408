#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "profiling/dynamic/speculative_proposer.h"

namespace kasuri::profiling {

/// How many tokens to propose.
struct DepthRule {
  int64_t most = 4;
  bool adaptive = true;  ///< false: always `most`.
};

/// (1 - a^(K+1)) / (1 - a): the tokens one target pass is expected to give.
double expected_tokens(double acceptance, int64_t most);

/// Measured milliseconds of target passes by tokens at once, running means.
class PassCosts {
 public:
  static constexpr int64_t kMost = 32;
  void observe(int64_t tokens, double ms);
  /// Between measured sizes by a straight line; 0: nothing is known.
  double of(int64_t tokens) const;
  /// What one more token in a pass costs.
  double row_ms() const;

 private:
  std::array<double, kMost + 1> ms_{};
};

/// Decides before each pass how many tokens may be proposed, from what passes cost and what
/// proposals have brought. Where they bring less than they cost it stops asking for them, and
/// tries again ever more rarely.
class DraftDepth {
 public:
  explicit DraftDepth(DepthRule rule) : rule_(rule) {}

  /// For the next pass; most == 0: propose nothing.
  ProposalLimit next();
  /// A pass as it went.
  void observe(int64_t proposed, int64_t accepted, double draft_ms, double target_ms);

  const PassCosts& costs() const { return costs_; }
  /// Tokens per time with proposals over tokens per time without, running.
  double gain() const;

 private:
  DepthRule rule_;
  PassCosts costs_;
  double tokens_ = 6.6, single_passes_ = 6.0;  // fading: given, and what they cost in single passes
  double draft_ms_ = 0;                        // of one proposed token, running
  int64_t passes_ = 0, pause_ = 16, pause_left_ = 0;
  bool asked_ = false;
};

}  // namespace kasuri::profiling
