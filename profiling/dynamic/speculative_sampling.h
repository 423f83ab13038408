#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace kasuri::profiling {

/// How a token is chosen from scores.
struct SamplingRule {
  double temperature = 0;  ///< 0: greedy.
  int64_t top_k = 0;       ///< Only the so many most probable tokens; 0: all.
  uint64_t seed = 0;

  bool is_greedy() const { return temperature <= 0; }
};

using Probabilities = std::vector<double>;

/// The largest score; of equal ones the first.
int64_t greedy_token(std::span<const float> scores);
/// Largest minus second largest score.
float top_two_margin(std::span<const float> scores);
Probabilities probabilities_of(std::span<const float> scores, const SamplingRule& rule);
/// The token at `u` in 0..1 of the cumulated probabilities.
int64_t draw_token(const Probabilities& probabilities, double u);

/// Tokens a draft proposes, and the distributions it drew them from; none: it was sure.
struct Proposal {
  std::vector<int64_t> tokens;
  std::vector<Probabilities> distributions;
  double backlog_ms = 0;  ///< Reading text the draft had not been asked about, before drafting.
};

struct Verdict {
  int64_t accepted = 0;  ///< Of the proposed tokens.
  int64_t next = 0;      ///< The token behind them: corrected, or the bonus.
};

/// Accepts while the target's greedy choice is the proposed token. `rows(k)`: the target's scores
/// behind k accepted tokens.
template <typename Rows>
Verdict verify_greedy(const Proposal& proposal, const Rows& rows) {
  Verdict verdict;
  for (;; ++verdict.accepted) {
    verdict.next = greedy_token(rows(verdict.accepted));
    const auto k = static_cast<size_t>(verdict.accepted);
    if (k >= proposal.tokens.size() || verdict.next != proposal.tokens[k]) return verdict;
  }
}

/// Token t drawn from q is kept with probability min(1, p(t) / q(t)); the first one refused is
/// replaced by a draw from max(0, p - q), normalised; if all are kept, one more is drawn from p.
/// The result is distributed as draws from p (Leviathan et al. 2023, Chen et al. 2023).
Verdict verify_sampled(const Proposal& proposal, std::span<const Probabilities> target,
                       std::mt19937_64& random);

/// In 0..1, the same on every machine.
double uniform(std::mt19937_64& random);

}  // namespace kasuri::profiling
