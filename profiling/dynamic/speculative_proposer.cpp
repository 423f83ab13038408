#include "profiling/dynamic/speculative_proposer.h"

#include <algorithm>

namespace kasuri::profiling {

Status ModelProposer::start(int64_t tokens, const TaskContext& task) {
  model_->truncate(0);
  fed_.clear();
  return model_->reserve(tokens, task);
}

Result<LogitRows> ModelProposer::catch_up(std::span<const int64_t> text, const TaskContext& task) {
  const size_t most = std::min(fed_.size(), text.size() - 1);
  const auto differs =
      std::mismatch(fed_.begin(), fed_.begin() + static_cast<int64_t>(most), text.begin());
  const auto common = static_cast<size_t>(differs.first - fed_.begin());
  model_->truncate(static_cast<int64_t>(common));
  fed_.assign(text.begin(), text.end());
  return model_->append(text.subspan(common), task);
}

Result<Proposal> ModelProposer::propose(std::span<const int64_t> text, int64_t most,
                                        const SamplingRule& rule, std::mt19937_64& random,
                                        const TaskContext& task) {
  Proposal proposal;
  if (most <= 0) return proposal;
  KASURI_TRY(LogitRows rows, catch_up(text, task));
  while (true) {
    if (rule.is_greedy()) {
      proposal.tokens.push_back(greedy_token(rows.last()));
    } else {
      proposal.distributions.push_back(probabilities_of(rows.last(), rule));
      proposal.tokens.push_back(draw_token(proposal.distributions.back(), uniform(random)));
    }
    if (static_cast<int64_t>(proposal.tokens.size()) >= most) return proposal;
    fed_.push_back(proposal.tokens.back());
    KASURI_TRY(rows, model_->append(std::span(&proposal.tokens.back(), 1), task));
  }
}

Result<Proposal> LookupProposer::propose(std::span<const int64_t> text, int64_t most,
                                         const SamplingRule&, std::mt19937_64&,
                                         const TaskContext&) {
  Proposal proposal;
  const auto count = static_cast<int64_t>(text.size());
  int64_t best = shortest_ - 1, at = -1;
  for (int64_t end = count - 1; end >= shortest_ && best < longest_; --end) {
    int64_t length = 0;
    while (length < longest_ && length < end && text[end - 1 - length] == text[count - 1 - length])
      ++length;
    if (length <= best) continue;
    best = length;
    at = end;
  }
  if (at < 0) return proposal;
  for (int64_t k = at; k < count && k < at + most; ++k)
    proposal.tokens.push_back(text[static_cast<size_t>(k)]);
  return proposal;
}

}  // namespace kasuri::profiling
