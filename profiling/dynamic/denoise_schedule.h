#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// How an image is taken from step to step.
enum class Sampler { kDdim, kDdpm, kEuler };

/// What a denoiser's output means.
enum class Prediction { kNoise, kSample, kVelocity };

/// The noise schedule a denoiser was trained with.
struct NoiseSchedule {
  std::vector<double> alphas;  ///< Cumulated product by timestep: what is left of the signal.
  Prediction prediction = Prediction::kNoise;
  bool clip = false;  ///< Keep the predicted image inside `range`.
  double low = -1, high = 1;
  double final_alpha = 1;
  int64_t null_class = -1;  ///< The label that means none; negative: not known.
  double guidance = 1;

  /// `count` timesteps from the last one down, spaced evenly and trailing.
  std::vector<int64_t> timesteps(int64_t count) const;
  /// Behind `timestep`; timestep < 0: after the last step.
  double alpha(int64_t timestep) const;
};

/// Reads a JSON object with alphas_cumprod (or betas), prediction_type, clip_sample, image_range,
/// null_class, guidance_scale. Errors: not such a file, numbers out of range.
Result<NoiseSchedule> read_schedule(const std::string& path);

Result<Sampler> sampler_called(const std::string& name);
std::string name_of(Sampler sampler);

/// The image a prediction stands for, clipped if the schedule says so.
void predicted_image(const NoiseSchedule& schedule, double alpha, std::span<const float> sample,
                     std::span<const float> prediction, std::span<float> image);

/// From the noise level of `from` to that of `to`, along the predicted image. `random` is for the
/// samplers that add noise (DDPM).
void denoise_step(Sampler sampler, double from, double to, std::span<const float> image,
                  std::span<float> sample, std::mt19937_64& random);

/// Normally distributed numbers, the same on every machine.
std::vector<float> gaussian_noise(size_t count, std::mt19937_64& random);

}  // namespace kasuri::profiling
