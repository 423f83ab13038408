#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/common_options.h"
#include "profiling/dynamic/denoise_study.h"

namespace kasuri::cli {

/// Options of `kasuri diffuse`, as given.
struct DiffuseOptions {
  CommonOptionsPointer common;
  std::string schedule, sampler = "ddim", noise, out, html;
  std::string command;  ///< The command line that reproduces this.
  int64_t steps = 200, seeds = 4, full_steps = 200;
  double guidance = -1;  ///< Negative: the schedule's.
  std::vector<int64_t> labels, fixed, strides;
  int64_t classes = 0;  ///< Seeds go through labels 0 to classes - 1; 0: `labels`, or label 0.
  double skip_error = 0, stop_change = 0, stop_ssim = 0;
  int64_t longest = 24;
  std::string fit_steps, predict_steps;
  double wanted_ssim = 0.98, covers = 0.5;
  std::string sample_input, timestep_input, label_input, output;

  profiling::StepRule rule() const {
    return {steps, skip_error, longest, 0, stop_change, stop_ssim};
  }
};

std::shared_ptr<DiffuseOptions> add_diffuse_options(CLI::App& command, Invocation& invocation);

}  // namespace kasuri::cli
