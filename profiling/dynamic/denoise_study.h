#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/dynamic/denoise_run.h"

namespace kasuri::profiling {

/// One way to run the steps, over all seeds.
struct DenoiseVariant {
  std::string name;
  StepRule rule;
  std::vector<int64_t> steps_of_seed;  ///< A predictor's choice; empty: rule.steps for all.
  // Results, by seed.
  std::vector<std::vector<float>> images;
  std::vector<double> evaluations, ms, psnr, ssim;

  double mean_evaluations() const;
  double mean_ms() const;
  double mean_ssim() const;
  double mean_psnr() const;
  double least_psnr() const;
  /// Of the tenth of the seeds with the lowest similarity (at least one).
  double worst_tenth_ssim() const;
  nlohmann::json to_json() const;
};

/// What all variants share.
struct DenoiseStudy {
  Sampler sampler = Sampler::kDdim;
  double guidance = 1;
  std::vector<std::vector<float>> noise;  ///< By seed.
  std::vector<int64_t> labels;            ///< By seed.
  uint64_t seed = 0;
};

/// Runs all variants seed by seed, in turn, so that times are comparable, and measures each image
/// against the first variant's: the full-step result.
Status run_denoise_study(DenoiserModel& model, const NoiseSchedule& schedule,
                         const DenoiseStudy& study, std::vector<DenoiseVariant>& variants,
                         const TaskContext& task);

}  // namespace kasuri::profiling
