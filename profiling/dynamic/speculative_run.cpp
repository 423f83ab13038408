#include "profiling/dynamic/speculative_run.h"

#include <algorithm>

#include "profiling/clock.h"

namespace kasuri::profiling {

struct Generator::Text {
  std::vector<int64_t> all;
  std::mt19937_64 random;
  Generation made;
};

Status Generator::warm_up(int64_t prompt_tokens, int64_t new_tokens, const TaskContext& task) {
  const int64_t room = prompt_tokens + new_tokens;
  target_.truncate(0);
  KASURI_RETURN_IF_ERROR(target_.reserve(room, task));
  std::vector<int64_t> sizes = {1};
  if (prompt_tokens >= DecodeModel::kMostRows) sizes.push_back(DecodeModel::kMostRows);
  if (prompt_tokens % DecodeModel::kMostRows > 1)
    sizes.push_back(prompt_tokens % DecodeModel::kMostRows);
  if (proposer_ != nullptr)
    for (int64_t k = 1; k <= rule_.most; ++k) sizes.push_back(k + 1);
  KASURI_RETURN_IF_ERROR(target_.warm_up(sizes, task));
  if (proposer_ == nullptr) return ok_status();
  for (int64_t k = 0; k <= rule_.most; ++k) depth_.expect(k + 1, target_.pass_ms(k + 1));
  KASURI_RETURN_IF_ERROR(proposer_->start(room, task));
  return proposer_->warm_up(prompt_tokens, task);
}

Status Generator::first_token(const GenerationRequest& request, Text& text,
                              const TaskContext& task) {
  target_.truncate(0);
  const int64_t room = static_cast<int64_t>(request.prompt.size()) + request.new_tokens;
  KASURI_RETURN_IF_ERROR(target_.reserve(room, task));
  if (proposer_ != nullptr) KASURI_RETURN_IF_ERROR(proposer_->start(room, task));
  KASURI_TRY(const LogitRows rows, target_.append(request.prompt, task));
  const int64_t token =
      request.sampling.is_greedy()
          ? greedy_token(rows.last())
          : draw_token(probabilities_of(rows.last(), request.sampling), uniform(text.random));
  text.all = request.prompt;
  text.all.push_back(token);
  text.made.tokens.push_back(token);
  text.made.margins.push_back(top_two_margin(rows.last()));
  return ok_status();
}

Status Generator::next_pass(const GenerationRequest& request, Text& text, const TaskContext& task) {
  Generation& made = text.made;
  const int64_t left = request.new_tokens - static_cast<int64_t>(made.tokens.size());
  SpeculativePass pass;
  Proposal proposal;
  const Stopwatch draft_clock;
  ProposalLimit limit =
      proposer_ == nullptr ? ProposalLimit() : depth_.next(proposer_->ask_ms(text.all));
  limit.most = std::min(limit.most, left - 1);
  if (limit.most > 0) {
    KASURI_TRY(proposal, proposer_->propose(text.all, limit, request.sampling, text.random, task));
  }
  pass.backlog_ms = proposal.backlog_ms;
  pass.draft_ms = draft_clock.milliseconds() - pass.backlog_ms;
  pass.proposed = static_cast<int64_t>(proposal.tokens.size());
  std::vector<int64_t> feed = {text.all.back()};
  feed.insert(feed.end(), proposal.tokens.begin(), proposal.tokens.end());
  const Stopwatch target_clock;
  KASURI_TRY(const LogitRows rows, target_.append(feed, task));
  pass.target_ms = target_clock.milliseconds();
  Verdict verdict;
  if (request.sampling.is_greedy()) {
    verdict = verify_greedy(proposal, [&](int64_t k) { return rows.row(k); });
  } else {
    std::vector<Probabilities> target;
    for (int64_t k = 0; k < rows.count(); ++k)
      target.push_back(probabilities_of(rows.row(k), request.sampling));
    verdict = verify_sampled(proposal, target, text.random);
  }
  pass.accepted = verdict.accepted;
  target_.truncate(target_.length() - (pass.proposed - pass.accepted));
  depth_.observe(pass);
  if (limit.most > 0) proposer_->observe(pass.proposed, pass.accepted);
  for (int64_t k = 0; k <= verdict.accepted; ++k) {
    const int64_t token =
        k < verdict.accepted ? proposal.tokens[static_cast<size_t>(k)] : verdict.next;
    text.all.push_back(token);
    made.tokens.push_back(token);
    made.margins.push_back(top_two_margin(rows.row(k)));
    if (token == request.stop_token) break;
  }
  made.passes.push_back(pass);
  return ok_status();
}

Result<Generation> Generator::run(const GenerationRequest& request, const TaskContext& task) {
  if (request.prompt.empty()) return Error("the prompt is empty; a decoder needs one token");
  Text text;
  depth_.start(request.new_tokens);
  text.random.seed(request.sampling.seed);
  const Stopwatch clock;
  KASURI_RETURN_IF_ERROR(first_token(request, text, task));
  text.made.first_token_ms = clock.milliseconds();
  while (static_cast<int64_t>(text.made.tokens.size()) < request.new_tokens &&
         text.made.tokens.back() != request.stop_token) {
    KASURI_RETURN_IF_ERROR(task.cancel.check());
    KASURI_RETURN_IF_ERROR(next_pass(request, text, task));
  }
  text.made.total_ms = clock.milliseconds();
  return std::move(text.made);
}

}  // namespace kasuri::profiling
