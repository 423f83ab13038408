#include "profiling/dynamic/speculative_proposer.h"

#include <algorithm>
#include <cmath>

#include "profiling/clock.h"

namespace kasuri::profiling {
namespace {

constexpr double kFade = 0.98;
constexpr double kBinFade = 0.995, kBelieved = 6;  ///< A draft's own word counts as so many tokens.
constexpr double kGoodMatch = 0.7;  ///< A chain trusts matches that are right so often.

/// Of the distribution that scores stand for.
double largest_probability(std::span<const float> scores) {
  const float most = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float score : scores) sum += std::exp(score - most);
  return 1.0 / sum;
}

}  // namespace

AcceptanceByConfidence::AcceptanceByConfidence() : all_{0.8 * kBelieved, kBelieved} {
  for (size_t k = 0; k < kBins; ++k)
    bins_[k] = {(static_cast<double>(k) + 0.5) / kBins * kBelieved, kBelieved};
}

size_t AcceptanceByConfidence::bin_of(double probability) {
  return std::min(kBins - 1, static_cast<size_t>(std::max(0.0, probability) * kBins));
}

void AcceptanceByConfidence::count(Counts& counts, bool accepted) {
  counts.kept = counts.kept * kBinFade + (accepted ? 1 : 0);
  counts.tried = counts.tried * kBinFade + 1;
}

void AcceptanceByConfidence::observe(double probability, bool accepted) {
  count(bins_[bin_of(probability)], accepted);
  count(all_, accepted);
}

Status ModelProposer::start(int64_t tokens, const TaskContext& task) {
  model_->truncate(0);
  fed_.clear();
  return model_->reserve(tokens, task);
}

Status ModelProposer::warm_up(int64_t, const TaskContext& task) {
  const std::vector<int64_t> sizes = {1, 2, DecodeModel::kMostRows};
  KASURI_RETURN_IF_ERROR(model_->warm_up(sizes, task));
  if (draft_ms_.empty()) draft_ms_.add(model_->pass_ms(1));
  return ok_status();
}

double ModelProposer::ask_ms(std::span<const int64_t> text) const {
  const double one = draft_ms_.typical();
  const int64_t unread = std::ssize(text) - std::ssize(fed_);
  if (!model_->has_cache() || unread <= 2) return one;
  constexpr int64_t kRows = DecodeModel::kMostRows;
  return one + static_cast<double>((unread + kRows - 2) / kRows) * model_->pass_ms(kRows);
}

// Two tokens (all were accepted, and a bonus) are one pass. Without a cache there is one plan for
// all.
Result<LogitRows> ModelProposer::catch_up(std::span<const int64_t> text, double& backlog_ms,
                                          const TaskContext& task) {
  const size_t most = std::min(fed_.size(), text.size() - 1);
  const auto differs =
      std::mismatch(fed_.begin(), fed_.begin() + static_cast<int64_t>(most), text.begin());
  const auto common = static_cast<size_t>(differs.first - fed_.begin());
  model_->truncate(static_cast<int64_t>(common));
  fed_.assign(text.begin(), text.end());
  auto rest = text.subspan(common);
  if (!model_->has_cache()) return model_->append(rest, task);
  if (rest.size() > 2) {
    const Stopwatch clock;
    KASURI_TRY([[maybe_unused]] const LogitRows before,
               model_->append(rest.first(rest.size() - 1), task));
    rest = rest.last(1);
    backlog_ms = clock.milliseconds();
  }
  return model_->append(rest, task);
}

Result<LogitRows> ModelProposer::next_rows(int64_t token, const TaskContext& task) {
  const Stopwatch clock;
  fed_.push_back(token);
  KASURI_TRY(LogitRows rows, model_->append(std::span(&token, 1), task));
  draft_ms_.add(clock.milliseconds());
  return rows;
}

Result<Proposal> ModelProposer::propose(std::span<const int64_t> text, const ProposalLimit& limit,
                                        const SamplingRule& rule, std::mt19937_64& random,
                                        const TaskContext& task) {
  Proposal proposal;
  if (limit.most <= 0) return proposal;
  KASURI_TRY(LogitRows rows, catch_up(text, proposal.backlog_ms, task));
  confidence_.clear();
  for (double chance = 1;;) {
    confidence_.push_back(largest_probability(rows.last()));
    chance *= acceptance_.of(confidence_.back());
    if (!limit.pays(chance)) return proposal;
    if (rule.is_greedy()) {
      proposal.tokens.push_back(greedy_token(rows.last()));
    } else {
      proposal.distributions.push_back(probabilities_of(rows.last(), rule));
      proposal.tokens.push_back(draw_token(proposal.distributions.back(), uniform(random)));
    }
    const bool full = static_cast<int64_t>(proposal.tokens.size()) >= limit.most;
    if (full || !limit.pays_to_draft(chance * acceptance_.usual(), draft_ms_.typical()))
      return proposal;
    KASURI_TRY(rows, next_rows(proposal.tokens.back(), task));
  }
}

void ModelProposer::observe(int64_t proposed, int64_t accepted) {
  for (int64_t k = 0; k < std::min(proposed, accepted + 1); ++k)
    acceptance_.observe(confidence_[static_cast<size_t>(k)], k < accepted);
}

Result<Proposal> LookupProposer::propose(std::span<const int64_t> text, const ProposalLimit& limit,
                                         const SamplingRule&, std::mt19937_64&,
                                         const TaskContext&) {
  Proposal proposal;
  const auto count = static_cast<int64_t>(text.size());
  int64_t at = -1;
  matched_ = shortest_ - 1;
  for (int64_t end = count - 1; end >= shortest_ && matched_ < longest_; --end) {
    int64_t length = 0;
    while (length < longest_ && length < end && text[end - 1 - length] == text[count - 1 - length])
      ++length;
    if (length <= matched_) continue;
    matched_ = length;
    at = end;
  }
  if (at < 0) return proposal;
  double chance = 1;
  for (int64_t k = at; k < count && k < at + limit.most; ++k) {
    chance *= confidence();
    if (!limit.pays(chance)) break;
    proposal.tokens.push_back(text[static_cast<size_t>(k)]);
  }
  return proposal;
}

double LookupProposer::confidence() const {
  const auto it = by_length_.find(matched_);
  const Counts counts = it == by_length_.end() ? Counts() : it->second;
  return counts.kept / counts.tried;
}

void LookupProposer::observe(int64_t proposed, int64_t accepted) {
  if (proposed == 0) return;
  Counts& counts = by_length_[matched_];
  counts.kept = counts.kept * kFade + static_cast<double>(accepted);
  counts.tried = counts.tried * kFade + static_cast<double>(std::min(proposed, accepted + 1));
}

Result<Proposal> ChainProposer::propose(std::span<const int64_t> text, const ProposalLimit& limit,
                                        const SamplingRule& rule, std::mt19937_64& random,
                                        const TaskContext& task) {
  KASURI_TRY(Proposal found, lookup_.propose(text, limit, rule, random, task));
  looked_up_ = !found.tokens.empty() && lookup_.confidence() >= kGoodMatch;
  if (looked_up_) return found;
  return model_->propose(text, limit, rule, random, task);
}

void ChainProposer::observe(int64_t proposed, int64_t accepted) {
  if (looked_up_)
    lookup_.observe(proposed, accepted);
  else
    model_->observe(proposed, accepted);
}

}  // namespace kasuri::profiling
