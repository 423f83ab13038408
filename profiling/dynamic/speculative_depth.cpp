#include "profiling/dynamic/speculative_depth.h"

#include <algorithm>
#include <cmath>

namespace kasuri::profiling {
namespace {

constexpr double kFade = 0.97;                               ///< Per proposed token.
constexpr double kSmooth = 0.1;                              ///< Weight of the newest time.
constexpr double kWorthwhile = 1.03;                         ///< Less gain than this is none.
constexpr int64_t kShortestPause = 16, kLongestPause = 512;  ///< In target passes.

void smooth(double& value, double sample) {
  value = value == 0 ? sample : value + kSmooth * (std::min(sample, 3 * value) - value);
}

}  // namespace

double expected_tokens(double acceptance, int64_t most) {
  double sum = 0, power = 1;
  for (int64_t k = 0; k <= most; ++k, power *= acceptance) sum += power;
  return sum;
}

double SpeculationCosts::target(int64_t tokens) const {
  int64_t below = tokens, above = tokens;
  while (below > 0 && target_ms[static_cast<size_t>(below)] == 0) --below;
  while (above < kMost && target_ms[static_cast<size_t>(above)] == 0) ++above;
  const double low = target_ms[static_cast<size_t>(below)];
  const double high = target_ms[static_cast<size_t>(above)];
  if (below == above || high == 0) return low;
  if (low == 0) return high;
  return low +
         (high - low) * static_cast<double>(tokens - below) / static_cast<double>(above - below);
}

double SpeculationCosts::speed_up(double acceptance, int64_t most) const {
  const double one = target(1);
  const double pass = target(most + 1) + static_cast<double>(most) * draft_ms;
  return pass > 0 && one > 0 ? expected_tokens(acceptance, most) * one / pass
                             : expected_tokens(acceptance, most);
}

int64_t DraftDepth::next() {
  if (!rule_.adaptive) return rule_.most;
  if (pause_left_ > 0 && --pause_left_ > 0) return 0;
  int64_t best = 0;
  double most = kWorthwhile;
  for (int64_t k = 1; k <= rule_.most; ++k)
    if (const double gain = costs_.speed_up(acceptance(), k); gain > most) {
      most = gain;
      best = k;
    }
  if (best > 0) {
    pause_ = kShortestPause;
    probing_ = false;
    return best;
  }
  if (!probing_) {
    pause_left_ = pause_;
    pause_ = std::min(2 * pause_, kLongestPause);
    probing_ = true;
    return 0;
  }
  probing_ = false;
  return 1;
}

void DraftDepth::observe_target(int64_t tokens, double ms) {
  smooth(costs_.target_ms[static_cast<size_t>(std::min(tokens, SpeculationCosts::kMost))], ms);
}

void DraftDepth::observe_draft(int64_t proposed, int64_t accepted, double ms) {
  if (proposed <= 0) return;
  smooth(costs_.draft_ms, ms / static_cast<double>(proposed));
  const auto tried = static_cast<double>(std::min(proposed, accepted + 1));
  const double fade = std::pow(kFade, tried);
  kept_ = kept_ * fade + static_cast<double>(accepted);
  tried_ = tried_ * fade + tried;
}

}  // namespace kasuri::profiling
