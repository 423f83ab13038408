#include "profiling/dynamic/denoise_predictor.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kDrawnBy = 2;  ///< Runs that the mean of all labels counts as.

/// The smallest step count that is similar enough, by seed.
std::vector<double> needs_of(const std::vector<DenoiseVariant>& variants, double wanted) {
  std::vector<double> needs;
  for (size_t seed = 0; seed < variants[1].ssim.size(); ++seed) {
    auto need = static_cast<double>(variants[0].rule.steps);
    for (size_t v = variants.size(); v-- > 1 && variants[v].ssim[seed] >= wanted;)
      need = static_cast<double>(variants[v].rule.steps);
    needs.push_back(need);
  }
  return needs;
}

}  // namespace

int64_t StepPredictor::steps_for(int64_t label) const {
  const auto it = by_label.find(label);
  const double need = (it == by_label.end() ? mean : it->second) + margin;
  return std::max<int64_t>(1, std::llround(need));
}

json StepPredictor::to_json() const {
  json labels = json::array();
  for (const auto& [label, need] : by_label) labels.push_back({{"label", label}, {"steps", need}});
  return {{"kind", "step predictor"}, {"wanted_ssim", wanted_ssim},
          {"covers", covers},         {"mean", mean},
          {"margin", margin},         {"runs", runs},
          {"labels", labels}};
}

Result<StepPredictor> StepPredictor::read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error("cannot read " + path);
  const json data = json::parse(file, nullptr, false);
  StepPredictor out;
  try {
    if (data.is_discarded() || data.value("kind", "") != "step predictor")
      return Error(path + " is no step predictor (kasuri diffuse --fit-steps writes one)");
    out.wanted_ssim = data.at("wanted_ssim").get<double>();
    out.covers = data.at("covers").get<double>();
    out.mean = data.at("mean").get<double>();
    out.margin = data.at("margin").get<double>();
    out.runs = data.at("runs").get<int64_t>();
    for (const json& entry : data.at("labels"))
      out.by_label[entry.at("label").get<int64_t>()] = entry.at("steps").get<double>();
  } catch (const json::exception& wrong) {
    return Error(path + ": " + wrong.what());
  }
  if (!(out.mean > 0 && out.mean < 1e6 && std::abs(out.margin) < 1e6))
    return Error(path + ": step counts out of range");
  return out;
}

Result<StepPredictor> fit_step_predictor(const std::vector<DenoiseVariant>& variants,
                                         const std::vector<int64_t>& labels, double wanted_ssim,
                                         double covers) {
  if (variants.size() < 3)
    return Error("a step predictor wants several step counts to choose from: --fixed 10 20 30 50");
  const std::vector<double> needs = needs_of(variants, wanted_ssim);
  StepPredictor out;
  out.wanted_ssim = wanted_ssim;
  out.covers = covers;
  out.runs = static_cast<int64_t>(needs.size());
  for (double need : needs) out.mean += need / static_cast<double>(needs.size());
  std::map<int64_t, std::pair<double, double>> sums;
  for (size_t k = 0; k < needs.size(); ++k) {
    sums[labels[k]].first += needs[k];
    sums[labels[k]].second += 1;
  }
  for (const auto& [label, sum] : sums)
    out.by_label[label] = (sum.first + kDrawnBy * out.mean) / (sum.second + kDrawnBy);
  std::vector<double> short_by;
  for (size_t k = 0; k < needs.size(); ++k) short_by.push_back(needs[k] - out.by_label[labels[k]]);
  std::sort(short_by.begin(), short_by.end());
  const auto at = static_cast<size_t>(covers * static_cast<double>(short_by.size()));
  out.margin = short_by[std::min(at, short_by.size() - 1)];
  return out;
}

}  // namespace kasuri::profiling
