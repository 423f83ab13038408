#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/exec/executor.h"
#include "profiling/dynamic/kv_cache.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

/// A denoiser and how it is run; names empty: found by name and type.
struct DenoiserRequest {
  std::string path;
  std::map<std::string, int64_t> dims;
  std::string recipe = "default";
  PlanRequest plan;
  std::string sample, timestep, label, output;
  bool guided = false;  ///< Two rows at once: with the label and without.
};

/// A compiled denoiser: one image at a time, with guidance two rows of one batch.
class DenoiserModel {
 public:
  static Result<std::unique_ptr<DenoiserModel>> open(const DenoiserRequest& request,
                                                     const TaskContext& task);
  bool has_label() const { return !label_.empty(); }
  const std::vector<int64_t>& image_extents() const { return extents_; }  ///< [1, channels, ...]
  size_t image_size() const { return size_; }

  /// The prediction for `sample`; guided: without + scale * (with - without).
  Status predict(std::span<const float> sample, int64_t timestep, int64_t label, int64_t null_label,
                 double scale, std::span<float> prediction, const TaskContext& task);

 private:
  DenoiserModel() = default;
  Status find_inputs(const Graph& graph, const DenoiserRequest& request);
  void write_all(const std::string& input, double first, double second);

  std::unique_ptr<Executor> executor_;
  std::map<std::string, SharedBuffer> inputs_;
  std::string sample_, timestep_, label_;
  size_t output_ = 0;
  std::vector<int64_t> extents_;
  size_t size_ = 0;
  int64_t rows_ = 1;
};

}  // namespace kasuri::profiling
