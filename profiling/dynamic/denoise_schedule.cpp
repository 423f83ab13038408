#include "profiling/dynamic/denoise_schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>

#include "profiling/dynamic/speculative_sampling.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

Result<std::vector<double>> numbers_at(const json& data, const char* key, const std::string& path) {
  std::vector<double> out;
  if (!data.contains(key)) return out;
  if (!data[key].is_array()) return Error(fmt::format("{}: '{}' is not a list", path, key));
  for (const json& entry : data[key]) {
    if (!entry.is_number()) return Error(fmt::format("{}: '{}' holds no number", path, key));
    out.push_back(entry.get<double>());
  }
  return out;
}

Result<std::vector<double>> alphas_of(const json& data, const std::string& path) {
  KASURI_TRY(std::vector<double> alphas, numbers_at(data, "alphas_cumprod", path));
  KASURI_TRY(const std::vector<double> betas, numbers_at(data, "betas", path));
  if (alphas.empty()) {
    double product = 1;
    for (double beta : betas) alphas.push_back(product *= 1 - beta);
  }
  if (alphas.empty())
    return Error(path + " is no noise schedule: it has neither 'alphas_cumprod' nor 'betas'");
  for (double alpha : alphas)
    if (!(alpha > 0 && alpha <= 1))
      return Error(fmt::format("{}: {} is no share of signal between 0 and 1", path, alpha));
  return alphas;
}

Result<Prediction> prediction_of(const json& data, const std::string& path) {
  const std::string name = data.value("prediction_type", std::string("epsilon"));
  if (name == "epsilon") return Prediction::kNoise;
  if (name == "sample") return Prediction::kSample;
  if (name == "v_prediction") return Prediction::kVelocity;
  return Error(
      fmt::format("{}: prediction_type '{}' is none of epsilon, sample, v_prediction", path, name));
}

}  // namespace

std::vector<int64_t> NoiseSchedule::timesteps(int64_t count) const {
  const auto total = static_cast<int64_t>(alphas.size());
  std::vector<int64_t> out;
  for (int64_t i = std::min(count, total); i >= 1; --i)
    out.push_back(total * i / std::min(count, total) - 1);
  return out;
}

double NoiseSchedule::alpha(int64_t timestep) const {
  return timestep < 0 ? final_alpha : alphas[static_cast<size_t>(timestep)];
}

Result<NoiseSchedule> read_schedule(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error("cannot read " + path);
  const json data = json::parse(file, nullptr, false);
  if (data.is_discarded() || !data.is_object()) return Error(path + " is not a JSON object");
  NoiseSchedule out;
  try {
    KASURI_TRY(out.alphas, alphas_of(data, path));
    KASURI_TRY(out.prediction, prediction_of(data, path));
    out.clip = data.value("clip_sample", false);
    out.null_class = data.value("null_class", int64_t{-1});
    out.guidance = data.value("guidance_scale", 1.0);
    if (data.contains("image_range")) {
      out.low = data["image_range"].at(0).get<double>();
      out.high = data["image_range"].at(1).get<double>();
    }
    if (data.contains("ddim")) out.final_alpha = data["ddim"].value("final_alpha_cumprod", 1.0);
  } catch (const json::exception& wrong) {
    return Error(fmt::format("{}: {}", path, wrong.what()));
  }
  if (out.low >= out.high) return Error(path + ": image_range is empty");
  return out;
}

Result<Sampler> sampler_called(const std::string& name) {
  if (name == "ddim") return Sampler::kDdim;
  if (name == "ddpm") return Sampler::kDdpm;
  if (name == "euler") return Sampler::kEuler;
  return Error("no sampler is called '" + name + "'; there are ddim, ddpm and euler");
}

std::string name_of(Sampler sampler) {
  if (sampler == Sampler::kDdpm) return "ddpm";
  return sampler == Sampler::kEuler ? "euler" : "ddim";
}

void predicted_image(const NoiseSchedule& schedule, double alpha, std::span<const float> sample,
                     std::span<const float> prediction, std::span<float> image) {
  const double signal = std::sqrt(alpha), noise = std::sqrt(1 - alpha);
  for (size_t k = 0; k < image.size(); ++k) {
    double value = prediction[k];
    if (schedule.prediction == Prediction::kNoise) value = (sample[k] - noise * value) / signal;
    if (schedule.prediction == Prediction::kVelocity) value = signal * sample[k] - noise * value;
    if (schedule.clip) value = std::clamp(value, schedule.low, schedule.high);
    image[k] = static_cast<float>(value);
  }
}

void denoise_step(Sampler sampler, double from, double to, std::span<const float> image,
                  std::span<float> sample, std::mt19937_64& random) {
  const double signal = std::sqrt(from), noise = std::sqrt(1 - from);
  const double next_signal = std::sqrt(to);
  double spread = 0;
  if (sampler == Sampler::kDdpm && to < 1)
    spread = std::sqrt(std::max(0.0, (1 - to) / (1 - from) * (1 - from / to)));
  const double kept = std::sqrt(std::max(0.0, 1 - to - spread * spread));
  std::vector<float> fresh;
  if (spread > 0) fresh = gaussian_noise(sample.size(), random);
  for (size_t k = 0; k < sample.size(); ++k) {
    const double x = sample[k], x0 = image[k];
    const double direction = noise > 0 ? (x - signal * x0) / noise : 0;
    double next = next_signal * x0 + kept * direction;
    if (sampler == Sampler::kEuler) {
      const double sigma = noise / signal, next_sigma = std::sqrt(1 - to) / next_signal;
      const double scaled = x / signal;
      next = (scaled + (next_sigma - sigma) * (scaled - x0) / sigma) * next_signal;
    }
    if (spread > 0) next += spread * fresh[k];
    sample[k] = static_cast<float>(next);
  }
}

std::vector<float> gaussian_noise(size_t count, std::mt19937_64& random) {
  std::vector<float> out(count);
  for (size_t k = 0; k < count; k += 2) {
    const double radius = std::sqrt(-2 * std::log(1 - uniform(random)));
    const double angle = 2 * std::numbers::pi * uniform(random);
    out[k] = static_cast<float>(radius * std::cos(angle));
    if (k + 1 < count) out[k + 1] = static_cast<float>(radius * std::sin(angle));
  }
  return out;
}

}  // namespace kasuri::profiling
