#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/exec/executor.h"
#include "profiling/dynamic/decode_graph.h"
#include "profiling/dynamic/kv_cache.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

/// One compiled pass of a decoder: so many tokens at once, over caches that lie elsewhere.
class DecodePlan {
 public:
  /// The caches, in the order of face.cache, are read and grow where they lie: they outlive the
  /// plan. Plans of one `space` never run at the same time.
  static Result<std::unique_ptr<DecodePlan>> make(DecodeGraph graph, const DecodeFace& face,
                                                  std::span<const KvCache> caches,
                                                  const std::string& recipe,
                                                  const PlanRequest& request,
                                                  std::shared_ptr<ExecutorSpace> space,
                                                  const TaskContext& task);

  /// Runs `tokens` (at most graph.tokens) behind `past` cached ones. Outputs: logits, new rows.
  Result<std::vector<RuntimeValue>> run(std::span<const int64_t> tokens, int64_t past,
                                        const TaskContext& task);
  /// Works out beforehand what depends on the fill of the cache.
  Status fill_lengths(const TaskContext& task);
  /// Does a pass itself put the new rows into that cache (of face.cache)?
  bool grows_in_place(size_t cache) const { return grows_in_place_[cache]; }
  const Plan& plan() const { return executor_->plan(); }

 private:
  DecodePlan() = default;
  Status bind(std::span<const KvCache> caches);
  void write_tokens(std::span<const int64_t> tokens, int64_t past);
  void write_slot(int64_t past);
  Result<const std::vector<Tensor>*> lengths_at(int64_t past, const TaskContext& task);
  Status write_lengths(int64_t past, const TaskContext& task);

  DecodeGraph graph_;
  DecodeFace face_;
  std::unique_ptr<Executor> executor_;
  std::map<std::string, SharedBuffer> inputs_;
  std::vector<bool> grows_in_place_;                // by cache
  std::map<int64_t, std::vector<Tensor>> lengths_;  // by past: padded
};

}  // namespace kasuri::profiling
