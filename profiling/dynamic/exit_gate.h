#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// What decides whether an input leaves at an exit. Each is held as an *uncertainty*, so that an
/// input leaves where uncertainty <= threshold.
enum class ExitGate : uint8_t {
  kEntropy,         ///< -sum p log p, in nats.
  kMargin,          ///< 1 - (largest p - second largest p).
  kMaxProbability,  ///< 1 - largest p.
  kSaturation,      ///< Change of the class distribution since the exit before (total variation).
};

/// A threshold no uncertainty reaches: nothing leaves there.
inline constexpr double kNeverLeave = -1;

const char* name_of(ExitGate gate);
Result<ExitGate> gate_called(const std::string& name);
/// For people: "entropy <= 0.412", "top-2 margin >= 0.83", "never".
std::string gate_text(ExitGate gate, double threshold);

/// Of the class scores (logits) of one sample; `before`: those of the exit before it, empty at the
/// first (there saturation is 1, the most there is). Scores that are no numbers give infinity.
double uncertainty_of(ExitGate gate, std::span<const float> scores, std::span<const float> before);

/// Position of the largest score, the first of equal ones.
int32_t answer_of(std::span<const float> scores);

/// When to leave: one threshold per exit but the last.
struct ExitPolicy {
  ExitGate gate = ExitGate::kEntropy;
  std::vector<double> thresholds;
  bool is_static() const;  ///< Nothing leaves anywhere.
};

}  // namespace kasuri::profiling
