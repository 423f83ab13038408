#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "profiling/dynamic/exit_table.h"

namespace kasuri::profiling {

// Thresholds by risk control: Angelopoulos, Bates, Candes, Jordan, Lei, "Learn then Test:
// Calibrating Predictive Algorithms to Achieve Risk Control" (arXiv 2110.01052), with the exact
// binomial tail as p-value (losses are 0 or 1) and split fixed-sequence testing: a path of
// thresholds from careful to bold is laid on some samples, and walked on others for as long as
// every quantity's hypothesis "above its limit" is rejected at epsilon (so the largest p-value
// counts). The thresholds kept then hold all limits with probability 1 - epsilon over the choice of
// samples.

/// P(Binomial(n, p) <= k).
double binomial_tail(int64_t n, int64_t k, double p);
/// p-value of "the rate is above `limit`" after k losses in n samples: the larger of the binomial
/// tail (the rate of all samples there are) and of the hypergeometric one (the rate among as many
/// samples again, which is what somebody who checks will count).
double loss_p_value(int64_t n, int64_t k, double limit);
/// Upper confidence bound of a rate (Clopper-Pearson, one-sided).
double rate_bound(int64_t n, int64_t k, double epsilon);
/// Samples without a single loss that certify `limit` at epsilon.
int64_t samples_needed(double limit, double epsilon);

/// One point of the path.
struct RiskPoint {
  std::vector<double> thresholds;
  double cost = 0;     ///< Expected, on the samples the path was laid on, 1 = full model.
  double loss = 0;     ///< Overall loss there.
  double use = 0;      ///< The largest share of a limit used up there.
  double p_value = 1;  ///< Of the worst quantity, on the samples it was walked on.
};

/// Lays the path: starting where nothing leaves, moves the threshold that saves the most cost per
/// share of the limits used up. `costs`: of reaching and judging each exit, increasing.
std::vector<RiskPoint> lay_path(const ExitTable& table, const RiskTarget& target,
                                std::span<const double> costs);

/// Which exits pay: adds the one that lowers the expected cost most, as long as one does by more
/// than a hundredth. `shares`: time to reach each exit but the last, of the full model's. Positions
/// of exits, ascending; `cost` gets the expected time, heads and cuts included.
std::vector<size_t> select_exits(const ExitTable& table, const RiskTarget& target,
                                 std::span<const double> shares, size_t most, double& cost);

struct Certificate {
  ExitPolicy policy;
  std::vector<RiskPoint> path;       ///< With p-values up to the first failure.
  size_t chosen = 0;                 ///< Position on the path; 0: nothing may leave.
  std::vector<RiskCount> counts;     ///< On the samples walked on, under the policy.
  std::vector<double> bounds;        ///< By count: upper bound at epsilon.
  std::vector<std::string> why_not;  ///< Limits that so few samples cannot certify at all.
  int64_t walked_on = 0;
};

/// Walks a path laid on other samples.
Certificate walk_path(std::vector<RiskPoint> path, const ExitTable& walk, const RiskTarget& target);

}  // namespace kasuri::profiling
