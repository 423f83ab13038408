#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "profiling/dynamic/speculative_depth.h"
#include "profiling/dynamic/speculative_proposer.h"

namespace kasuri::profiling {

struct GenerationRequest {
  std::vector<int64_t> prompt;
  int64_t new_tokens = 64;
  SamplingRule sampling;
  int64_t stop_token = -1;  ///< Ends the text; negative: none.
};

struct Generation {
  std::vector<int64_t> tokens;  ///< New ones.
  std::vector<float> margins;   ///< By token, if asked for: of the two largest scores.
  std::vector<SpeculativePass> passes;
  double first_token_ms = 0;  ///< Prompt to first token.
  double total_ms = 0;
  double decoding_ms() const { return total_ms - first_token_ms; }
};

/// Continues a prompt. `proposer` null: one token per pass. `depth` goes on learning from text to
/// text. The tokens are those of plain decoding: exactly where greedy, in distribution else.
class Generator {
 public:
  Generator(DecodeModel& target, Proposer* proposer, DepthRule rule)
      : target_(target), proposer_(proposer), depth_(rule), rule_(rule) {}

  /// Makes all plans that a text of so many tokens needs.
  Status warm_up(int64_t prompt_tokens, int64_t new_tokens, const TaskContext& task);
  Result<Generation> run(const GenerationRequest& request, const TaskContext& task);
  const DraftDepth& depth() const { return depth_; }

 private:
  struct Text;
  Status first_token(const GenerationRequest& request, Text& text, const TaskContext& task);
  Status next_pass(const GenerationRequest& request, Text& text, const TaskContext& task);

  DecodeModel& target_;
  Proposer* proposer_;
  DraftDepth depth_;
  DepthRule rule_;
};

/// The largest number of tokens proposed at once.
constexpr int64_t kMostProposed = 16;

}  // namespace kasuri::profiling
