#include "profiling/dynamic/denoise_verdict.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

constexpr double kNormal95 = 1.96;
constexpr double kCounts = 1e-3;  ///< Of SSIM: less is no difference.

}  // namespace

SsimDifference ssim_difference(const DenoiseVariant& mine, const DenoiseVariant& other) {
  const auto count = static_cast<double>(mine.ssim.size());
  double mean = 0, squares = 0;
  for (size_t k = 0; k < mine.ssim.size(); ++k) mean += (mine.ssim[k] - other.ssim[k]) / count;
  for (size_t k = 0; k < mine.ssim.size(); ++k) {
    const double apart = mine.ssim[k] - other.ssim[k] - mean;
    squares += apart * apart;
  }
  const double margin = count > 1 ? kNormal95 * std::sqrt(squares / (count - 1) / count) : 0;
  return {mean, mean - margin, mean + margin};
}

std::string StepVerdict::text() const {
  if (rival.empty())
    return fmt::format(
        "no plain way compared with asks the network as seldom as '{}'; give --fixed or --strides",
        mine);
  const std::string figures = fmt::format(
      "SSIM {:.4f} with {:.1f} evaluations beside {:.4f} with {:.1f}; difference {:+.4f} ({:+.4f} "
      "to {:+.4f}), worst tenth {:+.4f}",
      rival_ssim, rival_evaluations, mine_ssim, mine_evaluations, difference.mean, difference.low,
      difference.high, worst_tenth);
  if (as_well)
    return fmt::format("'{}' does as well, deciding by the image is not worth it here: {}", rival,
                       figures);
  if (undecided)
    return fmt::format("with so few images it is not decided whether this is better than '{}': {}",
                       rival, figures);
  return fmt::format("better than the best plain way at the cost, '{}': {}", rival, figures);
}

nlohmann::json StepVerdict::to_json() const {
  if (rival.empty()) return nullptr;
  return {{"name", rival},
          {"as_well", as_well},
          {"undecided", undecided},
          {"difference", difference.mean},
          {"difference_low", difference.low},
          {"difference_high", difference.high},
          {"worst_tenth_difference", worst_tenth}};
}

StepVerdict judge_steps(const std::vector<DenoiseVariant>& variants, size_t mine) {
  const DenoiseVariant& own = variants[mine];
  StepVerdict verdict;
  verdict.mine = own.name;
  verdict.mine_ssim = own.mean_ssim();
  verdict.mine_evaluations = own.mean_evaluations();
  for (size_t k = 0; k < variants.size(); ++k) {
    const DenoiseVariant& other = variants[k];
    const bool plain =
        other.rule.skip_error <= 0 && other.rule.stop_change <= 0 && other.steps_of_seed.empty();
    if (k == mine || !plain || other.mean_evaluations() > own.mean_evaluations()) continue;
    if (!verdict.rival.empty() && other.mean_ssim() <= verdict.rival_ssim) continue;
    verdict.rival = other.name;
    verdict.rival_ssim = other.mean_ssim();
    verdict.rival_evaluations = other.mean_evaluations();
    verdict.difference = ssim_difference(own, other);
    verdict.worst_tenth = own.worst_tenth_ssim() - other.worst_tenth_ssim();
    verdict.as_well = verdict.difference.low <= 0 && verdict.difference.mean < kCounts;
    verdict.undecided = verdict.difference.low <= 0 && !verdict.as_well;
  }
  return verdict;
}

}  // namespace kasuri::profiling
