#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/common_options.h"
#include "profiling/dynamic/speculative_run.h"

namespace kasuri::cli {

/// More prompts than that: only sums are printed.
constexpr size_t kMostTexts = 16;

/// Options of `kasuri generate`, as given.
struct GenerateOptions {
  CommonOptionsPointer common;
  std::string draft;  ///< "lookup", "early:VALUE" or an ONNX file; empty: none.
  int64_t draft_tokens = profiling::DepthRule::kMost;
  bool fixed_depth = false, with_lookup = false;
  int64_t ngram = 3;
  std::string prompt, prompts;  ///< Text as bytes; FILE.json or FILE.json:KEY.
  std::vector<int64_t> prompt_tokens;
  int64_t limit = 0, new_tokens = 64, stop_token = -1;
  double temperature = 0;
  int64_t top_k = 0;
  bool compare = false;
  std::string tokens_input, logits_output, html;
  std::vector<std::string> cache;  ///< PAST=PRESENT
  std::string command;             ///< The command line that reproduces this.

  Result<profiling::DecodeNames> names() const;
  Result<profiling::DecodeSource> draft_source() const;
  profiling::DepthRule depth_rule() const { return {draft_tokens, !fixed_depth}; }
  profiling::GenerationRequest generation() const;
};

std::shared_ptr<GenerateOptions> add_generate_options(CLI::App& command, Invocation& invocation);

/// Errors: no prompt, a file that is none.
Result<std::vector<std::vector<int64_t>>> read_prompts(const GenerateOptions& options);

}  // namespace kasuri::cli
