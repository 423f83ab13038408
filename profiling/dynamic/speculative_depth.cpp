#include "profiling/dynamic/speculative_depth.h"

#include <algorithm>

namespace kasuri::profiling {
namespace {

constexpr double kFade = 0.92;   ///< Per pass.
constexpr double kSmooth = 0.1;  ///< Weight of the newest time.
constexpr double kLeastGain = 1.0;
constexpr int64_t kShortestPause = 16, kLongestPause = 2048;  ///< In target passes.
constexpr int64_t kFirstSingles = 3, kSingleEvery = 48;       ///< Passes that say what one costs.

/// A running mean that single long pauses of the machine move little.
void smooth(double& value, double sample) {
  value = value == 0 ? sample : value + kSmooth * (std::min(sample, 2 * value) - value);
}

}  // namespace

double expected_tokens(double acceptance, int64_t most) {
  double sum = 0, power = 1;
  for (int64_t k = 0; k <= most; ++k, power *= acceptance) sum += power;
  return sum;
}

void PassCosts::observe(int64_t tokens, double ms) {
  double& value = ms_[static_cast<size_t>(std::min(tokens, kMost))];
  smooth(value, ms);
}

double PassCosts::of(int64_t tokens) const {
  int64_t below = tokens, above = tokens;
  while (below > 0 && ms_[static_cast<size_t>(below)] == 0) --below;
  while (above < kMost && ms_[static_cast<size_t>(above)] == 0) ++above;
  const double low = ms_[static_cast<size_t>(below)], high = ms_[static_cast<size_t>(above)];
  if (below == above || high == 0) return low;
  if (low == 0) return high;
  return low +
         (high - low) * static_cast<double>(tokens - below) / static_cast<double>(above - below);
}

double PassCosts::row_ms() const {
  int64_t widest = 1;
  for (int64_t n = 2; n <= kMost; ++n)
    if (ms_[static_cast<size_t>(n)] > 0) widest = n;
  return widest == 1 ? 0 : std::max(0.0, (of(widest) - of(1)) / static_cast<double>(widest - 1));
}

double DraftDepth::gain() const { return tokens_ / single_passes_; }

ProposalLimit DraftDepth::next() {
  if (!rule_.adaptive) return {rule_.most, 0, 0};
  ++passes_;
  asked_ = false;
  if (passes_ <= kFirstSingles || passes_ % kSingleEvery == 0) return {};
  if (pause_left_ > 0 && --pause_left_ > 0) return {};
  asked_ = true;
  return {rule_.most, costs_.of(1) / std::max(1.0, gain()), costs_.row_ms()};
}

void DraftDepth::observe(int64_t proposed, int64_t accepted, double draft_ms, double target_ms) {
  costs_.observe(proposed + 1, target_ms);
  if (!asked_ || costs_.of(1) == 0) return;
  if (proposed > 0) smooth(draft_ms_, draft_ms / static_cast<double>(proposed));
  const double cost =
      (static_cast<double>(proposed) * draft_ms_ + costs_.of(proposed + 1)) / costs_.of(1);
  tokens_ = tokens_ * kFade + static_cast<double>(accepted + 1);
  single_passes_ = single_passes_ * kFade + cost;
  if (gain() >= kLeastGain) {
    pause_ = kShortestPause;
    return;
  }
  pause_left_ = pause_;
  pause_ = std::min(2 * pause_, kLongestPause);
}

}  // namespace kasuri::profiling
