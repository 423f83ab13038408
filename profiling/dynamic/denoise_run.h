#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "profiling/dynamic/denoise_model.h"
#include "profiling/dynamic/denoise_schedule.h"

namespace kasuri::profiling {

/// Which steps of a schedule ask the network.
///
/// Skipping: the predicted image is continued by a straight line through the last two predictions,
/// in the logarithm of the signal to noise ratio, and the network is asked again after a stride.
/// At each answer the relative error of that line says how far the next stride may go: the error
/// grows with the square of the stride.
/// A fixed stride draws the same lines and asks at the same distance everywhere: what choosing the
/// stride by the error must be better than.
/// Stopping: the steps that are left are dropped for the predicted image once it stands still.
struct StepRule {
  int64_t steps = 50;
  double skip_error = 0;   ///< Relative error of the preview that a stride may cause; 0: no skips.
  int64_t longest = 24;    ///< Steps in a stride.
  int64_t stride = 0;      ///< Asked every so many steps whatever the error; 0: by the error.
  double stop_change = 0;  ///< Relative change of the preview per answer; 0: never stops.
  double stop_ssim = 0;    ///< And the similarity of two previews; 0: not asked for.
};

struct DenoiseRequest {
  Sampler sampler = Sampler::kDdim;
  StepRule rule;
  int64_t label = 0;
  double guidance = 1;
  uint64_t seed = 0;  ///< Of the noise a sampler adds.
};

struct DenoisedImage {
  std::vector<float> image;
  int64_t evaluations = 0;  ///< Of the network.
  int64_t stopped_at = -1;  ///< The step after which the rest was dropped.
  double ms = 0;
  std::vector<double> changes;  ///< Relative change of the preview, by answer.
};

/// How often a fixed stride asks the network over so many steps.
int64_t evaluations_at_stride(int64_t steps, int64_t stride);
/// The shortest fixed stride that asks at most so often (but the first and the last step always
/// ask).
int64_t stride_for(int64_t steps, double evaluations);

/// From noise to an image. Errors: the network's.
Result<DenoisedImage> denoise(DenoiserModel& model, const NoiseSchedule& schedule,
                              const DenoiseRequest& request, std::span<const float> noise,
                              const TaskContext& task);

}  // namespace kasuri::profiling
