#include "profiling/dynamic/denoise_study.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "profiling/dynamic/denoise_quality.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0
                        : std::accumulate(values.begin(), values.end(), 0.0) /
                              static_cast<double>(values.size());
}

json describe(const StepRule& rule) {
  json out = {{"steps", rule.steps}};
  if (rule.skip_error > 0) {
    out["skip_error"] = rule.skip_error;
    out["longest"] = rule.longest;
  }
  if (rule.stride > 0) out["stride"] = rule.stride;
  if (rule.stop_change > 0) {
    out["stop_change"] = rule.stop_change;
    out["stop_ssim"] = rule.stop_ssim;
  }
  return out;
}

}  // namespace

double DenoiseVariant::mean_evaluations() const { return mean_of(evaluations); }
double DenoiseVariant::mean_ms() const { return mean_of(ms); }
double DenoiseVariant::mean_ssim() const { return mean_of(ssim); }
double DenoiseVariant::mean_psnr() const { return mean_of(psnr); }

double DenoiseVariant::least_psnr() const {
  return psnr.empty() ? 0 : *std::min_element(psnr.begin(), psnr.end());
}

double DenoiseVariant::worst_tenth_ssim() const {
  std::vector<double> sorted = ssim;
  std::sort(sorted.begin(), sorted.end());
  sorted.resize(std::min(sorted.size(), std::max<size_t>(1, sorted.size() / 10)));
  return mean_of(sorted);
}

json DenoiseVariant::to_json() const {
  return {{"name", name},
          {"rule", describe(rule)},
          {"evaluations", mean_evaluations()},
          {"least_evaluations", *std::min_element(evaluations.begin(), evaluations.end())},
          {"most_evaluations", *std::max_element(evaluations.begin(), evaluations.end())},
          {"ms", mean_ms()},
          {"psnr", mean_psnr()},
          {"least_psnr", least_psnr()},
          {"ssim", mean_ssim()},
          {"worst_tenth_ssim", worst_tenth_ssim()},
          {"by_seed", {{"evaluations", evaluations}, {"ssim", ssim}, {"psnr", psnr}, {"ms", ms}}}};
}

Status run_denoise_study(DenoiserModel& model, const NoiseSchedule& schedule,
                         const DenoiseStudy& study, std::vector<DenoiseVariant>& variants,
                         const TaskContext& task) {
  const double range = schedule.high - schedule.low;
  for (size_t seed = 0; seed < study.noise.size(); ++seed) {
    task.report("Seed", static_cast<double>(seed), static_cast<double>(study.noise.size()));
    for (DenoiseVariant& variant : variants) {
      DenoiseRequest request{study.sampler, variant.rule, study.labels[seed], study.guidance,
                             study.seed + seed};
      if (!variant.steps_of_seed.empty()) request.rule.steps = variant.steps_of_seed[seed];
      KASURI_TRY(DenoisedImage made, denoise(model, schedule, request, study.noise[seed], task));
      variant.evaluations.push_back(static_cast<double>(made.evaluations));
      variant.ms.push_back(made.ms);
      const std::vector<float>& full =
          &variant == &variants.front() ? made.image : variants.front().images[seed];
      variant.psnr.push_back(psnr(made.image, full, range));
      variant.ssim.push_back(ssim(made.image, full, model.image_extents(), range));
      variant.images.push_back(std::move(made.image));
    }
  }
  return ok_status();
}

}  // namespace kasuri::profiling
