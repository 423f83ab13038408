#include "engine/backend/reference/token_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace kasuri::reference {
namespace {

constexpr double kForbidden = std::numeric_limits<float>::lowest();

void penalise_repetition(const Tokens& sequence, double penalty, double* row) {
  for (const int64_t token : std::set<int64_t>(sequence.begin(), sequence.end()))
    row[token] *= row[token] < 0 ? penalty : 1 / penalty;
}

/// Forbids what would complete an n-gram that the sequence holds already.
void forbid_repeats(const Tokens& sequence, int64_t n, double* row) {
  const auto length = static_cast<int64_t>(sequence.size());
  if (n <= 0 || n > length) return;
  const auto prefix = sequence.end() - (n - 1);
  for (int64_t i = 0; i + n <= length; ++i)
    if (std::equal(prefix, sequence.end(), sequence.begin() + i))
      row[sequence[static_cast<size_t>(i + n - 1)]] = kForbidden;
}

void apply_mask(const Tokens& mask, size_t first, int64_t count, double* row) {
  for (int64_t k = 0; k < count; ++k)
    if (mask[first + static_cast<size_t>(k)] == 0) row[k] = kForbidden;
}

}  // namespace

void restrain(const SearchRequest& r, const std::vector<Tokens>& sequences, int64_t step,
              std::vector<double>& scores) {
  for (int64_t i = 0; i < r.rows(); ++i) {
    double* row = scores.data() + i * r.vocabulary;
    const Tokens& sequence = sequences[static_cast<size_t>(i)];
    if (r.repetition_penalty != 1) penalise_repetition(sequence, r.repetition_penalty, row);
    forbid_repeats(sequence, r.forbidden_repeat, row);
    if (!r.allowed.empty()) apply_mask(r.allowed, 0, r.vocabulary, row);
    if (!r.allowed_first.empty() && step == 1)
      apply_mask(r.allowed_first, static_cast<size_t>(i / r.beams * r.vocabulary), r.vocabulary,
                 row);
    const bool too_short = static_cast<int64_t>(sequence.size()) < r.shortest;
    if (too_short && r.end_token >= 0) row[r.end_token] = kForbidden;
  }
}

BeamSearch::BeamSearch(const SearchRequest& request, std::vector<Tokens> prompts)
    : request_(request),
      sequences_(std::move(prompts)),
      scores_(sequences_.size(), -1e9),
      origins_(sequences_.size()),
      newest_(sequences_.size()),
      texts_(static_cast<size_t>(request.batch)) {
  for (size_t i = 0; i < scores_.size(); i += static_cast<size_t>(request.beams)) scores_[i] = 0;
}

double BeamSearch::normalised(double score, size_t length) const {
  return score / std::pow(static_cast<double>(length), request_.length_penalty);
}

void BeamSearch::finish(Text& text, const Tokens& tokens, double score) const {
  const Hypothesis h{tokens, normalised(score, tokens.size())};
  const auto at =
      std::upper_bound(text.finished.begin(), text.finished.end(), h,
                       [](const Hypothesis& a, const Hypothesis& b) { return a.score > b.score; });
  text.finished.insert(at, h);
  if (static_cast<int64_t>(text.finished.size()) > request_.beams) text.finished.pop_back();
}

/// The 2 * beams likeliest continuations of text b, likeliest first.
std::vector<BeamSearch::Candidate> BeamSearch::candidates(int64_t b,
                                                          const std::vector<double>& scores) const {
  std::vector<Candidate> all;
  for (int64_t row = b * request_.beams; row < (b + 1) * request_.beams; ++row)
    for (int64_t token = 0; token < request_.vocabulary; ++token)
      all.push_back({scores[static_cast<size_t>(row * request_.vocabulary + token)], row, token});
  const size_t kept = std::min(all.size(), static_cast<size_t>(2 * request_.beams));
  std::partial_sort(all.begin(), all.begin() + static_cast<int64_t>(kept), all.end(),
                    [](const Candidate& x, const Candidate& y) {
                      if (x.score != y.score) return x.score > y.score;
                      return std::pair(x.row, x.token) < std::pair(y.row, y.token);
                    });
  all.resize(kept);
  return all;
}

/// Finished candidates among the first `beams` are kept as texts; the others fill the beams.
void BeamSearch::extend(int64_t b, const std::vector<Candidate>& found) {
  Text& text = texts_[static_cast<size_t>(b)];
  const size_t first = static_cast<size_t>(b * request_.beams);
  size_t filled = 0;
  for (size_t j = 0; j < found.size() && filled < static_cast<size_t>(request_.beams); ++j) {
    const Candidate& c = found[j];
    if (c.token != request_.end_token || request_.end_token < 0) {
      scores_[first + filled] = c.score;
      newest_[first + filled] = c.token;
      origins_[first + filled++] = c.row;
    } else if (j < static_cast<size_t>(request_.beams)) {
      finish(text, sequences_[static_cast<size_t>(c.row)], c.score);
    }
  }
  if (static_cast<int64_t>(text.finished.size()) < request_.beams) return;
  const double hope = normalised(found.front().score, sequences_[first].size());
  text.done = request_.early_stopping || text.finished.back().score >= hope;
}

void BeamSearch::advance(std::vector<double> scores) {
  restrain(request_, sequences_, ++step_, scores);
  for (size_t i = 0; i < scores.size(); ++i)
    scores[i] =
        static_cast<float>(scores[i] + scores_[i / static_cast<size_t>(request_.vocabulary)]);
  for (int64_t b = 0; b < request_.batch; ++b) {
    if (!texts_[static_cast<size_t>(b)].done) {
      extend(b, candidates(b, scores));
      continue;
    }
    for (int64_t row = b * request_.beams; row < (b + 1) * request_.beams; ++row) {
      const auto i = static_cast<size_t>(row);
      scores_[i] = 0;
      newest_[i] = request_.padding;
      origins_[i] = row;
    }
  }
  std::vector<Tokens> next;
  for (size_t i = 0; i < sequences_.size(); ++i) {
    next.push_back(sequences_[static_cast<size_t>(origins_[i])]);
    next.back().push_back(newest_[i]);
  }
  sequences_ = std::move(next);
}

bool BeamSearch::done() const {
  return std::all_of(texts_.begin(), texts_.end(), [](const Text& t) { return t.done; });
}

std::vector<Hypothesis> BeamSearch::best(int64_t b) const {
  Text text = texts_[static_cast<size_t>(b)];
  for (int64_t row = b * request_.beams; row < (b + 1) * request_.beams && !text.done; ++row)
    finish(text, sequences_[static_cast<size_t>(row)], scores_[static_cast<size_t>(row)]);
  text.finished.resize(std::min(text.finished.size(), static_cast<size_t>(request_.returned)));
  return text.finished;
}

}  // namespace kasuri::reference
