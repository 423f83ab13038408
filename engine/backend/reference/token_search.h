#pragma once

#include <cstdint>
#include <vector>

#include "engine/backend/reference/context.h"

namespace kasuri::reference {

using Tokens = std::vector<int64_t>;

/// What the inputs and attributes of com.microsoft::GreedySearch and BeamSearch ask for. Token
/// scores are rows of `vocabulary` numbers, one row per sequence in the making.
struct SearchRequest {
  int64_t batch = 0, beams = 1, returned = 1;
  int64_t longest = 0, shortest = 0;
  int64_t end_token = -1, padding = -1, vocabulary = 0;
  int64_t forbidden_repeat = 0;  ///< n-grams of this length may not come twice; 0: they may.
  double repetition_penalty = 1, length_penalty = 1;
  bool early_stopping = false;
  Tokens allowed, allowed_first;  ///< 0 forbids a token: always, or per text at the first step.

  int64_t rows() const { return batch * beams; }
};

/// Changes token scores as the request asks. `step` counts from 1.
void restrain(const SearchRequest& request, const std::vector<Tokens>& sequences, int64_t step,
              std::vector<double>& scores);

/// A finished text and its log probability, divided by its length to the power of the penalty.
struct Hypothesis {
  Tokens tokens;
  double score = 0;
};

/// The state of a beam search between two calls of the decoder: `beams` open sequences per text
/// and the best finished ones.
class BeamSearch {
 public:
  /// `prompts` holds one row per open sequence; the beams of a text start equal.
  BeamSearch(const SearchRequest& request, std::vector<Tokens> prompts);

  /// Takes the log probabilities of the next token, extends every open sequence by one.
  void advance(std::vector<double> log_probabilities);
  bool done() const;

  /// Of each open sequence: the one it grew from, and its newest token.
  const std::vector<int64_t>& origins() const { return origins_; }
  const Tokens& newest() const { return newest_; }
  const std::vector<Tokens>& sequences() const { return sequences_; }

  /// The best `returned` texts, best first, of text b. Counts open sequences as finished.
  std::vector<Hypothesis> best(int64_t b) const;

 private:
  struct Candidate {
    double score;
    int64_t row, token;
  };
  struct Text {
    std::vector<Hypothesis> finished;  // best first
    bool done = false;
  };

  std::vector<Candidate> candidates(int64_t b, const std::vector<double>& scores) const;
  void extend(int64_t b, const std::vector<Candidate>& candidates);
  void finish(Text& text, const Tokens& tokens, double score) const;
  double normalised(double score, size_t length) const;

  const SearchRequest& request_;
  std::vector<Tokens> sequences_;
  std::vector<double> scores_;
  std::vector<int64_t> origins_;
  Tokens newest_;
  std::vector<Text> texts_;
  int64_t step_ = 0;
};

}  // namespace kasuri::reference
