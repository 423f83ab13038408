#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/dynamic/denoise_study.h"

namespace kasuri::profiling {

/// Two ways compared seed by seed: the mean of the first one's SSIM minus the second one's, with
/// its 95 % interval. One seed has no interval: low = high = mean.
struct SsimDifference {
  double mean = 0, low = 0, high = 0;
};
SsimDifference ssim_difference(const DenoiseVariant& mine, const DenoiseVariant& other);

/// What choosing steps by the image is worth: beside the plain way (a shorter fixed schedule, or a
/// fixed stride with the same lines) that is best among those that ask the network no more often.
struct StepVerdict {
  std::string mine, rival;  ///< rival empty: none asks as seldom.
  bool as_well = false;     ///< The plain way loses nothing that counts.
  bool undecided = false;   ///< Neither that nor the contrary is shown by so few images.
  SsimDifference difference;
  double worst_tenth = 0;  ///< Mine minus the rival's, of each one's own worst tenth.
  double mine_ssim = 0, mine_evaluations = 0, rival_ssim = 0, rival_evaluations = 0;

  std::string text() const;
  nlohmann::json to_json() const;
};

/// `mine` is a position in `variants`; the first variant (the full result) is no rival, unless it
/// is as cheap.
StepVerdict judge_steps(const std::vector<DenoiseVariant>& variants, size_t mine);

}  // namespace kasuri::profiling
