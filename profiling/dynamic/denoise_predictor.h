#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/dynamic/denoise_study.h"

namespace kasuri::profiling {

/// Predicts by label how many fixed steps an image needs, from recorded runs: the mean of the
/// smallest step counts that reached the wanted similarity, drawn towards the mean of all labels
/// where a label has few runs, and a margin that covers the wanted share of the runs.
struct StepPredictor {
  double wanted_ssim = 0.98;
  double covers = 0.5;  ///< Share of the recorded runs whose need the choice meets.
  double mean = 0, margin = 0;
  std::map<int64_t, double> by_label;
  int64_t runs = 0;

  int64_t steps_for(int64_t label) const;
  nlohmann::json to_json() const;
  static Result<StepPredictor> read(const std::string& path);
};

/// `variants`: the full-step result first, then fixed step counts in ascending order. Errors: no
/// step counts to choose from.
Result<StepPredictor> fit_step_predictor(const std::vector<DenoiseVariant>& variants,
                                         const std::vector<int64_t>& labels, double wanted_ssim,
                                         double covers);

}  // namespace kasuri::profiling
