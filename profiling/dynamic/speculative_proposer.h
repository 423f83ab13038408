#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "profiling/dynamic/decode_model.h"
#include "profiling/dynamic/speculative_sampling.h"

namespace kasuri::profiling {

/// Proposes what may come next in a text.
class Proposer {
 public:
  virtual ~Proposer() = default;
  virtual std::string name() const = 0;
  /// Before a text that will have at most so many tokens.
  virtual Status start(int64_t tokens, const TaskContext& task) = 0;
  /// Up to `most` tokens behind `text`; fewer, or none, where it has nothing to say.
  virtual Result<Proposal> propose(std::span<const int64_t> text, int64_t most,
                                   const SamplingRule& rule, std::mt19937_64& random,
                                   const TaskContext& task) = 0;
};

/// A smaller decoder, or the target's early layers, with a cache of its own.
class ModelProposer : public Proposer {
 public:
  ModelProposer(std::unique_ptr<DecodeModel> model, std::string name)
      : model_(std::move(model)), name_(std::move(name)) {}
  std::string name() const override { return name_; }
  Status start(int64_t tokens, const TaskContext& task) override;
  Result<Proposal> propose(std::span<const int64_t> text, int64_t most, const SamplingRule& rule,
                           std::mt19937_64& random, const TaskContext& task) override;
  DecodeModel& model() { return *model_; }

 private:
  /// Brings the cache to `text` and gives the scores behind it.
  Result<LogitRows> catch_up(std::span<const int64_t> text, const TaskContext& task);

  std::unique_ptr<DecodeModel> model_;
  std::string name_;
  std::vector<int64_t> fed_;
};

/// What followed the last tokens where they stood before in the text (prompt lookup): the longest
/// match of `longest` down to `shortest` tokens, the latest of these.
class LookupProposer : public Proposer {
 public:
  explicit LookupProposer(int64_t longest = 6, int64_t shortest = 4)
      : longest_(longest), shortest_(shortest) {}
  std::string name() const override { return "lookup"; }
  Status start(int64_t, const TaskContext&) override { return ok_status(); }
  Result<Proposal> propose(std::span<const int64_t> text, int64_t most, const SamplingRule& rule,
                           std::mt19937_64& random, const TaskContext& task) override;

 private:
  int64_t longest_, shortest_;
};

}  // namespace kasuri::profiling
