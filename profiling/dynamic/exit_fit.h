#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profiling/dynamic/exit_network.h"
#include "profiling/dynamic/exit_table.h"
#include "profiling/dynamic/labelled_data.h"

namespace kasuri::profiling {

/// Linear map from features to class scores, in the features' own units.
struct LinearFit {
  std::vector<float> weights;  ///< features x classes
  std::vector<float> bias;     ///< classes
  double ridge = 0;            ///< The penalty that did best on samples left out.
  double agreement = 0;        ///< Of the answers with the targets', on samples left out.
  std::vector<float> unseen;   ///< rows x classes: scores of each row by a fit without its fifth.
};

/// Ridge regression in closed form (Cholesky) of `targets` (rows x classes) on `features` (rows x
/// count), features standardised. Every fifth of the rows is judged by a fit on the others; the
/// penalty with the best agreement there is kept, and all rows are used. Errors: fewer than 20
/// rows, features or targets that are no numbers.
Result<LinearFit> fit_ridge(const std::vector<float>& features, const std::vector<float>& targets,
                            int64_t rows);

struct HeadChoice {
  std::vector<AttachedHead> heads;  ///< In order of depth.
  std::vector<ExitPlace> places;    ///< By head.
  std::vector<LinearFit> fits;      ///< By head.
  std::vector<ExitPlace> proposed;  ///< All places tried.
  double expected_cost = 1;         ///< Of the full model's time, on the samples chosen with.
  /// What the heads kept say of samples they were not fitted on (see LinearFit::unseen).
  ExitTable unseen;
};

struct HeadRequest {
  RiskTarget target;
  ExitGate gate = ExitGate::kEntropy;
  size_t most_heads = 5;
  bool use_labels = false;  ///< Labels are mixed into the targets.
};

/// Where the profile says that remaining time is worth it, and with what weights: fits a head at
/// up to a dozen places spread over the model's time to the full model's own class scores, then
/// adds the head that lowers the expected time most, until none does. Errors: no place a head could
/// read, data too few.
Result<HeadChoice> choose_heads(const ExitNetwork& network, const LabelledData& fit,
                                const HeadRequest& request, const TaskContext& context);

}  // namespace kasuri::profiling
