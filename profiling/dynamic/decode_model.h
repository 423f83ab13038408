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

/// A decoder and how it is to be run.
struct DecodeRequest {
  DecodeSource source;
  DecodeNames names;
  std::string recipe = "default";
  PlanRequest plan;
};

/// Scores of the last tokens of an append().
class LogitRows {
 public:
  LogitRows() = default;
  LogitRows(Tensor rows, int64_t first, int64_t count, int64_t vocabulary)
      : rows_(std::move(rows)), first_(first), count_(count), vocabulary_(vocabulary) {}
  int64_t count() const { return count_; }
  /// 0: of the first token that has a row.
  std::span<const float> row(int64_t k) const {
    return rows_.data<float>().subspan(static_cast<size_t>((first_ + k) * vocabulary_),
                                       static_cast<size_t>(vocabulary_));
  }
  std::span<const float> last() const { return row(count_ - 1); }

 private:
  Tensor rows_;
  int64_t first_ = 0, count_ = 0, vocabulary_ = 0;
};

/// A decoder with its text so far. Plans are made once per number of tokens at once and cache
/// capacity, and kept; a growing text compiles nothing until it outgrows the capacity.
class DecodeModel {
 public:
  /// Tokens that one pass may give scores for.
  static constexpr int64_t kMostRows = 32;

  static Result<std::unique_ptr<DecodeModel>> open(DecodeRequest request, const TaskContext& task);
  ~DecodeModel();

  const DecodeFace& face() const;
  bool has_cache() const { return !face().cache.empty(); }
  int64_t length() const;

  /// Room for a text of so many tokens. Texts that get the same room get the same scores bit by
  /// bit, however they are cut into passes.
  Status reserve(int64_t tokens, const TaskContext& task);
  /// Makes the plans that passes of these sizes need, and runs each; new ones some times more, so
  /// that pass_ms() knows.
  Status warm_up(std::span<const int64_t> sizes, const TaskContext& task);
  /// Forgets all tokens from this one on.
  void truncate(int64_t length);
  /// One pass (more where there are more than kMostRows tokens): scores for these tokens, at least
  /// for the last min(kMostRows, size) of the last pass.
  Result<LogitRows> append(std::span<const int64_t> tokens, const TaskContext& task);
  /// What a pass over so many tokens takes at the least, as warm_up() measured it; 0: not known.
  double pass_ms(int64_t tokens) const;
  /// Plans made so far, and how long that took.
  int plans_made() const;
  double planning_ms() const;

 private:
  struct State;
  explicit DecodeModel(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kasuri::profiling
