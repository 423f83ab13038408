#include "profiling/dynamic/exit_gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kasuri::profiling {
namespace {

struct Softmax {
  float top = 0;
  double sum = 0, weighted = 0;  ///< Sums of e and of e * (score - top).
  float second = -std::numeric_limits<float>::infinity();
};

Softmax softmax_of(std::span<const float> scores) {
  Softmax s;
  s.top = *std::max_element(scores.begin(), scores.end());
  bool seen_top = false;
  for (float score : scores) {
    if (score == s.top && !seen_top)
      seen_top = true;
    else
      s.second = std::max(s.second, score);
    const float shifted = score - s.top;
    const float e = std::exp(shifted);
    s.sum += e;
    if (e > 0) s.weighted += e * shifted;
  }
  return s;
}

double total_variation(std::span<const float> a, std::span<const float> b) {
  const Softmax sa = softmax_of(a), sb = softmax_of(b);
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += std::abs(std::exp(a[i] - sa.top) / sa.sum - std::exp(b[i] - sb.top) / sb.sum);
  return sum / 2;
}

}  // namespace

const char* name_of(ExitGate gate) {
  switch (gate) {
    case ExitGate::kEntropy:
      return "entropy";
    case ExitGate::kMargin:
      return "margin";
    case ExitGate::kMaxProbability:
      return "max-probability";
    case ExitGate::kSaturation:
      return "saturation";
  }
  return "";
}

Result<ExitGate> gate_called(const std::string& name) {
  for (ExitGate gate :
       {ExitGate::kEntropy, ExitGate::kMargin, ExitGate::kMaxProbability, ExitGate::kSaturation})
    if (name == name_of(gate)) return gate;
  return Error(fmt::format(
      "there is no gate '{}'; the gates are entropy, margin, max-probability, saturation", name));
}

std::string gate_text(ExitGate gate, double threshold) {
  if (threshold <= kNeverLeave) return "never";
  switch (gate) {
    case ExitGate::kEntropy:
      return fmt::format("entropy <= {:.6g}", threshold);
    case ExitGate::kMargin:
      return fmt::format("top-2 margin >= {:.6g}", 1 - threshold);
    case ExitGate::kMaxProbability:
      return fmt::format("max probability >= {:.6g}", 1 - threshold);
    case ExitGate::kSaturation:
      return fmt::format("change <= {:.6g}", threshold);
  }
  return "";
}

double uncertainty_of(ExitGate gate, std::span<const float> scores, std::span<const float> before) {
  double result = 0;
  if (gate == ExitGate::kSaturation) {
    result = before.size() == scores.size() ? total_variation(scores, before) : 1;
  } else {
    const Softmax s = softmax_of(scores);
    if (gate == ExitGate::kEntropy) result = std::log(s.sum) - s.weighted / s.sum;
    if (gate == ExitGate::kMargin)
      result = 1 - (1 - std::exp(static_cast<double>(s.second) - s.top)) / s.sum;
    if (gate == ExitGate::kMaxProbability) result = 1 - 1 / s.sum;
  }
  return std::isfinite(result) ? std::max(result, 0.0) : std::numeric_limits<double>::infinity();
}

int32_t answer_of(std::span<const float> scores) {
  return static_cast<int32_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

bool ExitPolicy::is_static() const {
  return std::all_of(thresholds.begin(), thresholds.end(),
                     [](double t) { return t <= kNeverLeave; });
}

}  // namespace kasuri::profiling
