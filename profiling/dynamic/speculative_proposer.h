#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "profiling/dynamic/decode_model.h"
#include "profiling/dynamic/recent_times.h"
#include "profiling/dynamic/speculative_sampling.h"

namespace kasuri::profiling {

/// When one more proposed token is worth its cost.
struct ProposalLimit {
  int64_t most = 0;
  double token_ms = 0;  ///< What a token costs at present; 0: always propose `most`.
  double row_ms = 0;    ///< What one more token in a target pass costs.

  /// Should a token be verified that is accepted with this probability (all before it included)?
  bool pays(double probability) const { return token_ms == 0 || probability * token_ms >= row_ms; }
  /// The same for a token that must be drafted first.
  bool pays_to_draft(double probability, double draft_ms) const {
    return token_ms == 0 || probability * token_ms >= row_ms + draft_ms;
  }
};

/// Proposes what may come next in a text.
class Proposer {
 public:
  virtual ~Proposer() = default;
  virtual std::string name() const = 0;
  /// Before a text that will have at most so many tokens.
  virtual Status start(int64_t tokens, const TaskContext& task) = 0;
  /// Up to limit.most tokens behind `text`; fewer, or none, where more do not pay. How many does
  /// not depend on which tokens were drawn, only on their distributions.
  virtual Result<Proposal> propose(std::span<const int64_t> text, const ProposalLimit& limit,
                                   const SamplingRule& rule, std::mt19937_64& random,
                                   const TaskContext& task) = 0;
  /// What asking for one token behind `text` will take, reading what was not read yet included.
  virtual double ask_ms(std::span<const int64_t> text) const = 0;
  /// How the last proposal went.
  virtual void observe(int64_t proposed, int64_t accepted) = 0;
  /// Makes what a text of so many prompt tokens needs.
  virtual Status warm_up(int64_t prompt_tokens, const TaskContext& task) = 0;
};

/// How often tokens that a draft gives so large a probability are accepted: at first as often as
/// it says, then as was seen.
class AcceptanceByConfidence {
 public:
  AcceptanceByConfidence();
  double of(double probability) const { return rate(bins_[bin_of(probability)]); }
  /// Of a token about to be drafted, by all before.
  double usual() const { return rate(all_); }
  void observe(double probability, bool accepted);

 private:
  struct Counts {
    double kept = 0, tried = 0;
  };
  static constexpr size_t kBins = 10;
  static double rate(const Counts& counts) { return counts.kept / counts.tried; }
  static void count(Counts& counts, bool accepted);
  static size_t bin_of(double probability);

  std::array<Counts, kBins> bins_;
  Counts all_;
};

/// A smaller decoder, or the target's early layers, with a cache of its own. It stops where it is
/// unsure: the largest probability of its distribution, and how often such tokens were accepted,
/// stand for the chance of acceptance.
class ModelProposer : public Proposer {
 public:
  ModelProposer(std::unique_ptr<DecodeModel> model, std::string name)
      : model_(std::move(model)), name_(std::move(name)) {}
  std::string name() const override { return name_; }
  Status start(int64_t tokens, const TaskContext& task) override;
  Result<Proposal> propose(std::span<const int64_t> text, const ProposalLimit& limit,
                           const SamplingRule& rule, std::mt19937_64& random,
                           const TaskContext& task) override;
  double ask_ms(std::span<const int64_t> text) const override;
  void observe(int64_t proposed, int64_t accepted) override;
  Status warm_up(int64_t prompt_tokens, const TaskContext& task) override;

 private:
  /// Brings the cache to `text` and gives the scores behind it. `backlog_ms`: of more than the two
  /// tokens a pass of the target may leave.
  Result<LogitRows> catch_up(std::span<const int64_t> text, double& backlog_ms,
                             const TaskContext& task);
  Result<LogitRows> next_rows(int64_t token, const TaskContext& task);

  std::unique_ptr<DecodeModel> model_;
  std::string name_;
  std::vector<int64_t> fed_;
  RecentTimes<> draft_ms_;  // of one token
  AcceptanceByConfidence acceptance_;
  std::vector<double> confidence_;  // of the tokens proposed last
};

/// What followed the last tokens where they stood before in the text (prompt lookup): the longest
/// match of `longest` down to `shortest` tokens, the latest of these. Learns how often matches of
/// each length are right.
class LookupProposer : public Proposer {
 public:
  explicit LookupProposer(int64_t shortest = 3, int64_t longest = 12)
      : shortest_(shortest), longest_(std::max(shortest, longest)) {}
  std::string name() const override { return "lookup"; }
  Status start(int64_t, const TaskContext&) override { return ok_status(); }
  Result<Proposal> propose(std::span<const int64_t> text, const ProposalLimit& limit,
                           const SamplingRule& rule, std::mt19937_64& random,
                           const TaskContext& task) override;
  double ask_ms(std::span<const int64_t>) const override { return 0; }
  void observe(int64_t proposed, int64_t accepted) override;
  Status warm_up(int64_t, const TaskContext&) override { return ok_status(); }
  /// Of the last match: the share of such matches' tokens that were accepted.
  double confidence() const;

 private:
  struct Counts {
    double kept = 3, tried = 4;
  };
  int64_t shortest_, longest_, matched_ = 0;
  std::map<int64_t, Counts> by_length_;
};

/// Lookup where it has a good match, else a model.
class ChainProposer : public Proposer {
 public:
  ChainProposer(LookupProposer lookup, std::unique_ptr<Proposer> model)
      : lookup_(std::move(lookup)), model_(std::move(model)) {}
  std::string name() const override { return "lookup, " + model_->name(); }
  Status start(int64_t tokens, const TaskContext& task) override {
    return model_->start(tokens, task);
  }
  Result<Proposal> propose(std::span<const int64_t> text, const ProposalLimit& limit,
                           const SamplingRule& rule, std::mt19937_64& random,
                           const TaskContext& task) override;
  double ask_ms(std::span<const int64_t> text) const override { return model_->ask_ms(text); }
  void observe(int64_t proposed, int64_t accepted) override;
  Status warm_up(int64_t prompt_tokens, const TaskContext& task) override {
    return model_->warm_up(prompt_tokens, task);
  }

 private:
  LookupProposer lookup_;
  std::unique_ptr<Proposer> model_;
  bool looked_up_ = false;
};

}  // namespace kasuri::profiling
