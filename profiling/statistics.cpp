#include "profiling/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/base/check.h"

namespace kasuri::profiling {
namespace {

constexpr size_t kExactSignedRank = 64;

/// Two-sided normal quantile by bisection of the error function.
double normal_quantile(double probability) {
  double low = -10, high = 10;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

/// Largest k with P(T < k) <= tail under the signed-rank null; k pairwise means are cut per side.
size_t exact_cut(size_t n, double tail) {
  std::vector<double> ways(n * (n + 1) / 2 + 1, 0.0);
  ways[0] = 1;
  for (size_t rank = 1; rank <= n; ++rank)
    for (size_t sum = ways.size(); sum-- > rank;) ways[sum] += ways[sum - rank];
  const double total = std::ldexp(1.0, static_cast<int>(n));
  double below = 0;
  size_t cut = 0;
  while (cut < ways.size() && below + ways[cut] / total <= tail) below += ways[cut++] / total;
  return cut;
}

size_t normal_cut(size_t n, double tail) {
  const double count = static_cast<double>(n);
  const double centre = count * (count + 1) / 4;
  const double spread = std::sqrt(count * (count + 1) * (2 * count + 1) / 24);
  return static_cast<size_t>(std::max(0.0, centre + normal_quantile(tail) * spread));
}

std::vector<double> pairwise_means(const std::vector<double>& values) {
  std::vector<double> means;
  means.reserve(values.size() * (values.size() + 1) / 2);
  for (size_t i = 0; i < values.size(); ++i)
    for (size_t j = i; j < values.size(); ++j) means.push_back((values[i] + values[j]) / 2);
  std::sort(means.begin(), means.end());
  return means;
}

}  // namespace

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, values.size() - 1);
  const double part = place - static_cast<double>(below);
  return values[below] + (values[above] - values[below]) * part;
}

double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

double mean(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Figure percentile(const std::vector<double>& samples, int percent) {
  const size_t needed = percent >= 99 ? kSamplesForP99 : kSamplesForP90;
  if (samples.size() < needed)
    return {{}, fmt::format("p{} needs {} samples, has {}", percent, needed, samples.size())};
  return {quantile(samples, percent / 100.0), ""};
}

std::vector<size_t> outliers(const std::vector<double>& samples) {
  const double centre = median(samples);
  std::vector<double> deviations;
  deviations.reserve(samples.size());
  for (double sample : samples) deviations.push_back(std::abs(sample - centre));
  const double limit = centre + 5 * 1.4826 * median(deviations);
  std::vector<size_t> found;
  for (size_t i = 0; i < samples.size(); ++i)
    if (samples[i] > limit) found.push_back(i);
  return found;
}

Interval hodges_lehmann(const std::vector<double>& values, double confidence) {
  KASURI_CHECK(!values.empty(), "an interval needs values");
  const std::vector<double> means = pairwise_means(values);
  const double tail = (1 - confidence) / 2;
  const size_t cut = values.size() <= kExactSignedRank ? exact_cut(values.size(), tail)
                                                       : normal_cut(values.size(), tail);
  const double centre = median(means);
  if (cut == 0) {
    const double spread = means.back() - means.front();
    return {centre, means.front() - spread, means.back() + spread};
  }
  return {centre, means[cut - 1], means[means.size() - cut]};
}

Interval median_interval(const std::vector<double>& samples, double confidence) {
  KASURI_CHECK(!samples.empty(), "an interval needs values");
  std::vector<double> sorted = samples;
  std::sort(sorted.begin(), sorted.end());
  const double n = static_cast<double>(sorted.size());
  const double reach = normal_quantile(1 - (1 - confidence) / 2) * std::sqrt(n) / 2;
  const auto low = static_cast<size_t>(std::max(0.0, std::floor(n / 2 - reach)));
  const auto high = static_cast<size_t>(std::min(n - 1, std::ceil(n / 2 + reach)));
  return {median(sorted), sorted[low], sorted[high]};
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFaster:
      return "faster";
    case Verdict::kSlower:
      return "slower";
    case Verdict::kSame:
      return "same";
    case Verdict::kUndecided:
      return "undecided";
  }
  return "undecided";
}

Verdict verdict_of(const Interval& ratio, const VerdictRule& rule) {
  if (ratio.low >= 1 - rule.threshold && ratio.high <= 1 + rule.threshold) return Verdict::kSame;
  if (ratio.high < 1 - rule.process_noise) return Verdict::kFaster;
  if (ratio.low > 1 + rule.process_noise) return Verdict::kSlower;
  return Verdict::kUndecided;
}

PairedRatio compare_blocks(const std::vector<double>& baseline,
                           const std::vector<double>& candidate, const VerdictRule& rule) {
  KASURI_CHECK(baseline.size() == candidate.size() && !baseline.empty(), "blocks come in pairs");
  std::vector<double> logs;
  logs.reserve(baseline.size());
  for (size_t i = 0; i < baseline.size(); ++i) logs.push_back(std::log(candidate[i] / baseline[i]));
  const Interval log_ratio = hodges_lehmann(logs, rule.confidence);
  PairedRatio result;
  result.ratio = {std::exp(log_ratio.estimate), std::exp(log_ratio.low), std::exp(log_ratio.high)};
  result.verdict = verdict_of(result.ratio, rule);
  return result;
}

}  // namespace kasuri::profiling
