#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kasuri::profiling {

/// Middle of the sorted values (mean of the two middle ones). NaN when empty.
double median(std::vector<double> values);
double mean(std::span<const double> values);
/// Linear interpolation between order statistics; `share` in [0, 1]. NaN when empty.
double quantile(std::vector<double> values, double share);

inline constexpr size_t kSamplesForP90 = 50;
inline constexpr size_t kSamplesForP99 = 500;

/// A number, or the reason why there is none.
struct Figure {
  std::optional<double> value;
  std::string why;
};
/// p90 from 50 samples on, p99 from 500 on; below that, `why` says how many there are.
Figure percentile(const std::vector<double>& samples, int percent);

/// Positions of values further than 5 scaled median absolute deviations above the median.
std::vector<size_t> outliers(const std::vector<double>& samples);

struct Interval {
  double estimate = 0, low = 0, high = 0;
};

/// Hodges-Lehmann estimate of the centre (median of pairwise means) with the distribution-free
/// interval of the Wilcoxon signed-rank test: `confidence` e.g. 0.99. The exact distribution of
/// the test is used up to 64 values, the normal approximation beyond. With too few values for the
/// confidence asked, the interval is the whole range of pairwise means, widened by their spread.
Interval hodges_lehmann(const std::vector<double>& values, double confidence);

/// Interval of the median of samples (binomial order statistics).
Interval median_interval(const std::vector<double>& samples, double confidence);

enum class Verdict { kFaster, kSlower, kSame, kUndecided };
const char* name_of(Verdict verdict);

struct VerdictRule {
  double confidence = 0.99;
  double threshold = 0.02;  ///< Ratios within 1 +- threshold are called the same.
  /// Live processes of the same plan differ by this much by the accident of where their pages lie;
  /// an interval must clear it to be called a difference.
  double process_noise = 0.005;
};

/// Ratio of paired block times, candidate / baseline: > 1 is slower. Same length, at least 1.
struct PairedRatio {
  Interval ratio;
  Verdict verdict = Verdict::kUndecided;
};
PairedRatio compare_blocks(const std::vector<double>& baseline,
                           const std::vector<double>& candidate, const VerdictRule& rule = {});
Verdict verdict_of(const Interval& ratio, const VerdictRule& rule = {});

}  // namespace kasuri::profiling
