#include "profiling/dynamic/speculative_sampling.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "engine/base/check.h"

namespace kasuri::profiling {
namespace {

/// The score of rank `top_k`: tokens below it are not drawn.
float least_score(std::span<const float> scores, int64_t top_k) {
  if (top_k <= 0 || top_k >= static_cast<int64_t>(scores.size()))
    return -std::numeric_limits<float>::infinity();
  std::vector<float> sorted(scores.begin(), scores.end());
  std::nth_element(sorted.begin(), sorted.begin() + (top_k - 1), sorted.end(),
                   std::greater<float>());
  return sorted[static_cast<size_t>(top_k - 1)];
}

/// max(0, p - q), normalised; p where they are equal. Without q: p without the token.
Probabilities residual(const Probabilities& target, const Probabilities* draft, int64_t token) {
  Probabilities rest = target;
  if (draft == nullptr)
    rest[static_cast<size_t>(token)] = 0;
  else
    for (size_t k = 0; k < rest.size(); ++k) rest[k] = std::max(0.0, rest[k] - (*draft)[k]);
  const double sum = std::accumulate(rest.begin(), rest.end(), 0.0);
  if (sum <= 0) return target;
  for (double& p : rest) p /= sum;
  return rest;
}

}  // namespace

int64_t greedy_token(std::span<const float> scores) {
  return std::max_element(scores.begin(), scores.end()) - scores.begin();
}

float top_two_margin(std::span<const float> scores) {
  float first = -std::numeric_limits<float>::infinity(), second = first;
  for (float score : scores) {
    second = std::max(second, std::min(first, score));
    first = std::max(first, score);
  }
  return first - second;
}

Probabilities probabilities_of(std::span<const float> scores, const SamplingRule& rule) {
  Probabilities out(scores.size(), 0.0);
  if (rule.is_greedy()) {
    out[static_cast<size_t>(greedy_token(scores))] = 1;
    return out;
  }
  const float least = least_score(scores, rule.top_k);
  const float most = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (size_t k = 0; k < scores.size(); ++k) {
    if (scores[k] < least) continue;
    out[k] = std::exp((static_cast<double>(scores[k]) - most) / rule.temperature);
    sum += out[k];
  }
  for (double& p : out) p /= sum;
  return out;
}

int64_t draw_token(const Probabilities& probabilities, double u) {
  double sum = 0;
  int64_t last = 0;
  for (size_t k = 0; k < probabilities.size(); ++k) {
    if (probabilities[k] <= 0) continue;
    last = static_cast<int64_t>(k);
    sum += probabilities[k];
    if (u < sum) return last;
  }
  return last;
}

double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11) * 0x1.0p-53; }

Verdict verify_sampled(const Proposal& proposal, std::span<const Probabilities> target,
                       std::mt19937_64& random) {
  KASURI_CHECK(target.size() > proposal.tokens.size(), "one distribution more than proposals");
  Verdict verdict;
  for (size_t k = 0; k < proposal.tokens.size(); ++k, ++verdict.accepted) {
    const int64_t token = proposal.tokens[k];
    const Probabilities* const draft =
        proposal.distributions.empty() ? nullptr : &proposal.distributions[k];
    const double p = target[k][static_cast<size_t>(token)];
    const double q = draft == nullptr ? 1.0 : (*draft)[static_cast<size_t>(token)];
    if (uniform(random) * q < p) continue;
    verdict.next = draw_token(residual(target[k], draft, token), uniform(random));
    return verdict;
  }
  verdict.next = draw_token(target[proposal.tokens.size()], uniform(random));
  return verdict;
}

}  // namespace kasuri::profiling
