#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "profiling/dynamic/exit_fit.h"
#include "profiling/dynamic/exit_measure.h"
#include "profiling/dynamic/exit_monitor.h"
#include "profiling/dynamic/exit_risk.h"

namespace kasuri::profiling {

struct EarlyExitRequest {
  ExitRequest network;
  DataRequest data;  ///< Thresholds are certified on it (and measured, without `test`).
  std::optional<DataRequest> fit;    ///< Heads are fitted and thresholds ordered on it.
  std::optional<DataRequest> test;   ///< Quality and time are measured on it.
  std::optional<DataRequest> drift;  ///< Sent through under the drift monitor.
  RiskTarget target;
  ExitGate gate = ExitGate::kMaxProbability;
  std::optional<std::vector<double>> thresholds;  ///< As given, instead of certified ones.
  bool attach = false;                            ///< Heads are fitted to a model that has none.
  size_t most_heads = 3;
  bool keep_exits = false;          ///< Exits that do not pay stay.
  bool exact_only = false;          ///< The lock: nothing may leave early.
  std::vector<int64_t> batches{1};  ///< Measured at each; thresholds hold for all.
  int64_t runs = 600;               ///< Batches measured.
  int splits = 0;     ///< Certified anew on so many splits, and looked whether it holds.
  uint64_t seed = 0;  ///< Of the splits of the data.
};

/// How often certified thresholds kept their limits on samples they had not seen.
struct SplitCheck {
  int splits = 0;
  std::vector<RiskCount> counts;  ///< n: splits, k: splits where the limit was broken.
  double mean_cost = 1;           ///< Of the full model, over the splits.
};

/// Everything early exit found out about a model.
struct EarlyExitResult {
  std::shared_ptr<ExitNetwork> network;
  std::shared_ptr<ExitRunner> runner;
  HeadChoice choice;                 ///< Empty unless heads were attached.
  std::vector<std::string> dropped;  ///< Exits of the model that would not pay.
  ExitRunner::Costs costs;           ///< At the first batch size.
  Certificate certificate;
  ExitPolicy policy;          ///< In force: certified, given, or static.
  std::string policy_source;  ///< "certified", "given", "exact only"
  int64_t fitted_on = 0, laid_on = 0, tested_on = 0;
  std::string data_text, fit_text, test_text;
  std::vector<RiskCount> test_counts;
  std::vector<int64_t> test_exits;
  double agreement = 1;
  std::optional<double> full_accuracy, early_accuracy;
  std::vector<ExitLatency> latency;  ///< By batch size asked for.
  std::optional<SplitCheck> split_check;
  std::optional<DriftWatch> drift;
  ExitTable test_table;
};

/// Cuts, fits where asked, certifies, measures. Samples are divided at random by the seed: without
/// `fit` a part of the data serves to fit heads or order thresholds, without `test` a quarter is
/// tested on. Heads order thresholds by samples they were not fitted on (five folds); otherwise no
/// sample serves twice.
/// Errors: whatever is wrong with the model (no exit heads), the data or the limits, in words.
Result<EarlyExitResult> early_exit(const EarlyExitRequest& request, const TaskContext& context);

}  // namespace kasuri::profiling
