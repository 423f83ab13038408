#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kasuri::profiling {

/// How many tokens to propose.
struct DepthRule {
  int64_t most = 4;
  bool adaptive = true;  ///< false: always `most`.
};

/// Measured milliseconds: of target passes over so many tokens, and of one proposed token.
struct SpeculationCosts {
  static constexpr int64_t kMost = 32;
  std::array<double, kMost + 1> target_ms{};  ///< [n]: n tokens at once; 0: not measured.
  double draft_ms = 0;

  /// Between measured sizes by a straight line.
  double target(int64_t tokens) const;
  /// Of the speed without proposals, when `most` tokens are proposed and each is accepted with
  /// probability `acceptance`: (1 - a^(K+1)) / (1 - a) tokens per pass, over what a pass costs.
  double speed_up(double acceptance, int64_t most) const;
};

/// (1 - a^(K+1)) / (1 - a): the tokens one target pass is expected to give.
double expected_tokens(double acceptance, int64_t most);

/// Chooses the number of tokens to propose from the running acceptance rate and measured costs.
/// Where proposals do not pay it stops asking for them, and tries again ever more rarely.
class DraftDepth {
 public:
  explicit DraftDepth(DepthRule rule) : rule_(rule) {}

  /// For the next pass; 0: propose nothing.
  int64_t next();
  void observe_target(int64_t tokens, double ms);
  void observe_draft(int64_t proposed, int64_t accepted, double ms);

  const SpeculationCosts& costs() const { return costs_; }
  double acceptance() const { return kept_ / tried_; }
  bool is_off() const { return pause_left_ > 0; }

 private:
  DepthRule rule_;
  SpeculationCosts costs_;
  double kept_ = 1.0, tried_ = 2.0;  // fading counts, with one of each to start
  int64_t pause_ = 16, pause_left_ = 0;
  bool probing_ = false;
};

}  // namespace kasuri::profiling
