#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "profiling/dynamic/exit_runner.h"

namespace kasuri::profiling {

struct MonitorRule {
  int64_t window = 200;      ///< Samples whose exits are compared with the calibration's at once.
  double alarm = 1e-3;       ///< Probability of a false alarm per look.
  double delta = 0.01;       ///< Largest share of audits that may disagree.
  int64_t audit_every = 25;  ///< So often the full model answers too; 0: never.
};

/// Says when certified thresholds no longer hold: when the shares leaving at each exit are no
/// longer those of the calibration (chi-square per window), or audits disagree too often
/// (binomial).
class ExitMonitor {
 public:
  ExitMonitor(std::vector<double> shares, MonitorRule rule);

  void saw(size_t exit);
  void audited(bool disagreed);
  bool wants_audit() const { return rule_.audit_every > 0 && seen_ % rule_.audit_every == 0; }

  bool holds() const { return why_.empty(); }
  const std::string& why_not() const { return why_; }  ///< Empty while it holds.
  int64_t seen() const { return seen_; }
  int64_t audits() const { return audits_; }
  int64_t disagreements() const { return disagreements_; }

 private:
  void look();

  std::vector<double> shares_;
  MonitorRule rule_;
  std::vector<int64_t> window_;
  int64_t seen_ = 0, audits_ = 0, disagreements_ = 0;
  std::string why_;
};

/// P(chi-square with so many degrees of freedom >= value), by Wilson and Hilferty.
double chi_square_tail(double value, int degrees);

/// What happened while samples went through under the monitor.
struct DriftWatch {
  int64_t samples = 0, early = 0, fell_back = 0;  ///< fell_back: answered by the full model alone.
  int64_t alarm_at = -1;                          ///< Sample; -1: never.
  std::string why;
  int64_t audits = 0, disagreements = 0;
};

/// Runs the samples one by one; from an alarm on the full model answers all.
Result<DriftWatch> watch_drift(ExitRunner& runner, const LabelledData& data,
                               const ExitPolicy& policy, ExitMonitor monitor,
                               const TaskContext& context);

}  // namespace kasuri::profiling
