#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "profiling/dynamic/exit_gate.h"

namespace kasuri::profiling {

/// What every exit says of every sample: enough to know what any thresholds would do.
struct ExitTable {
  int64_t count = 0;
  int classes = 0;
  std::vector<std::string> heads;                ///< The last is the full model.
  std::vector<std::vector<float>> scores;        ///< By exit: count x classes logits.
  std::vector<std::vector<int32_t>> answers;     ///< By exit, then sample.
  std::vector<std::vector<double>> uncertainty;  ///< By exit but the last, for `gate`.
  ExitGate gate = ExitGate::kEntropy;
  std::vector<int64_t> labels;  ///< Empty: none.

  size_t exits() const { return heads.size(); }
  /// Fills answers and uncertainty from scores.
  void judge(ExitGate with);
  ExitTable rows(std::span<const int64_t> samples) const;
  /// Where a sample leaves.
  size_t exit_of(const ExitPolicy& policy, int64_t sample) const;
};

/// A limit on one class: of the samples of that class, the share called something else; of all
/// others, the share called that class. A sample's class is its label, or the full model's answer.
/// What the full model itself gets wrong does not count.
struct ClassLimit {
  int64_t label = 0;
  std::optional<double> misses, false_alarms;
};

/// "7:misses=0.005,false-alarms=0.01" (either alone will do). Errors say what is expected.
Result<ClassLimit> parse_class_limit(const std::string& text);

/// The quality an engineer asks for.
struct RiskTarget {
  double delta = 0.01;      ///< The largest loss allowed.
  double epsilon = 0.05;    ///< The probability of being wrong about that.
  bool use_labels = false;  ///< Loss: wrong where the full model is right; else: disagreement.
  std::vector<ClassLimit> limits;
};

/// One thing counted among samples: k of n, allowed at most `limit`.
struct RiskCount {
  std::string what;  ///< "disagreement", "error", "misses of class 7", ...
  double limit = 0;
  int64_t n = 0, k = 0;
  double rate() const { return n > 0 ? static_cast<double>(k) / static_cast<double>(n) : 0; }
};

/// Counts of every quantity of the target under the policy, the overall loss first.
std::vector<RiskCount> count_risks(const ExitTable& table, const ExitPolicy& policy,
                                   const RiskTarget& target);

/// Samples leaving at each exit.
std::vector<int64_t> exit_histogram(const ExitTable& table, const ExitPolicy& policy);

/// For one sample answered at `exit`: which of the target's counts it belongs to, and its loss.
struct RiskMember {
  bool counts = false, loses = false;
};
void judge_sample(const ExitTable& table, const RiskTarget& target, int64_t sample, size_t exit,
                  std::vector<RiskMember>& out);

}  // namespace kasuri::profiling
