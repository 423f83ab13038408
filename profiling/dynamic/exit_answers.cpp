#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/onnx/tensor_file.h"
#include "profiling/dynamic/early_exit_report.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kNear = 1e-5;

/// Samples that another rounding could send elsewhere.
json near_samples(const ExitTable& table, const ExitPolicy& policy) {
  json list = json::array();
  for (int64_t i = 0; i < table.count; ++i) {
    const size_t exit = table.exit_of(policy, i);
    for (size_t k = 0; k <= exit && k < policy.thresholds.size(); ++k) {
      const double away =
          std::abs(table.uncertainty[k][static_cast<size_t>(i)] - policy.thresholds[k]);
      if (away <= kNear) list.push_back({{"sample", i}, {"exit", table.heads[k]}, {"away", away}});
    }
  }
  return list;
}

}  // namespace

std::map<std::string, std::string> exit_facts(const EarlyExitRequest& request,
                                              const EarlyExitResult& result,
                                              const std::string& command) {
  std::map<std::string, std::string> facts{
      {"delta", fmt::format("{}", request.target.delta)},
      {"epsilon", fmt::format("{}", request.target.epsilon)},
      {"loss", request.target.use_labels ? "labels" : "disagreement"},
      {"policy", result.policy_source},
      {"certified_on", fmt::format("{}", result.certificate.walked_on)},
      {"data", result.data_text},
      {"command", command}};
  for (const RiskCount& count : result.certificate.counts)
    facts["certified: " + count.what] =
        fmt::format("{} of {}, limit {}", count.k, count.n, count.limit);
  return facts;
}

Status write_answers(const std::string& folder, const EarlyExitResult& result) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return Error(fmt::format("cannot make folder {}: {}", folder, failure.message()));
  const ExitTable& table = result.test_table;
  const auto classes = static_cast<size_t>(table.classes);
  std::vector<int64_t> exits;
  std::vector<float> scores(static_cast<size_t>(table.count) * classes);
  for (int64_t i = 0; i < table.count; ++i) {
    const size_t exit = table.exit_of(result.policy, i);
    exits.push_back(static_cast<int64_t>(exit));
    const size_t at = static_cast<size_t>(i) * classes;
    std::memcpy(&scores[at], &table.scores[exit][at], classes * sizeof(float));
  }
  KASURI_RETURN_IF_ERROR(
      write_value_file(folder + "/exits.npy", "exits", Tensor::of<int64_t>({table.count}, exits)));
  KASURI_RETURN_IF_ERROR(write_value_file(
      folder + "/scores.npy", "scores",
      Tensor::of<float>({table.count, static_cast<int64_t>(table.classes)}, scores)));
  return write_file_atomically(folder + "/near.json",
                               near_samples(table, result.policy).dump(1) + "\n");
}

}  // namespace kasuri::profiling
