#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/dynamic/speculative_run.h"

namespace kasuri::profiling {

/// One position where two decodings of a prompt part.
struct Divergence {
  int64_t prompt = 0, position = 0;  ///< Which prompt; new tokens before it.
  float margin = 0;                  ///< Of the two largest scores of plain decoding there.
};

/// Sums over many prompts of generation with a proposer, and of plain decoding beside it where
/// that was asked for (run alternately, prompt by prompt).
struct SpeculationSummary {
  int64_t prompts = 0, tokens = 0, plain_tokens = 0;
  double decoding_ms = 0, first_token_ms = 0, total_ms = 0;
  double plain_decoding_ms = 0, plain_first_token_ms = 0, plain_total_ms = 0;
  int64_t passes = 0, proposed = 0, tried = 0, accepted = 0;
  double draft_ms = 0, target_ms = 0;
  std::vector<int64_t> accepted_histogram;  ///< By accepted tokens: passes.
  std::vector<int64_t> proposed_histogram;  ///< By proposed tokens: passes.
  /// By tokens at once: passes and their milliseconds (plain ones are the reference for one).
  std::vector<int64_t> passes_of_size;
  std::vector<double> ms_of_size;
  int64_t identical = 0;
  std::vector<Divergence> divergences;

  double speed_up() const;         ///< Tokens per second beside plain decoding, first token apart.
  double tokens_per_pass() const;  ///< First tokens apart.
  double acceptance() const;       ///< Of the proposed tokens that were looked at.
  /// The formula with measured costs: (1 - a^(K+1)) / (1 - a) tokens for each pass with K proposed
  /// ones, over the target passes and the drafting, beside one token per pass of one.
  double ceiling() const;
  nlohmann::json to_json() const;
};

/// Adds one prompt. `plain` null: not run.
void add_generation(SpeculationSummary& summary, const Generation& made, const Generation* plain);

}  // namespace kasuri::profiling
