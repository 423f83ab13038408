#include "profiling/dynamic/speculative_study.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

void count(std::vector<int64_t>& histogram, int64_t at) {
  if (static_cast<size_t>(at) >= histogram.size()) histogram.resize(static_cast<size_t>(at) + 1);
  ++histogram[static_cast<size_t>(at)];
}

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

/// Cost of one token at a time: plain decoding's where it ran.
double single_pass_ms(const SpeculationSummary& s) {
  if (s.plain_tokens > s.prompts)
    return s.plain_decoding_ms / static_cast<double>(s.plain_tokens - s.prompts);
  return s.passes_of_size.size() > 1
             ? ratio(s.ms_of_size[1], static_cast<double>(s.passes_of_size[1]))
             : 0;
}

}  // namespace

double SpeculationSummary::tokens_per_pass() const {
  return ratio(static_cast<double>(tokens - prompts), static_cast<double>(passes));
}

double SpeculationSummary::acceptance() const {
  return ratio(static_cast<double>(accepted), static_cast<double>(tried));
}

double SpeculationSummary::speed_up() const {
  const double mine = ratio(static_cast<double>(tokens - prompts), decoding_ms);
  const double plain = ratio(static_cast<double>(plain_tokens - prompts), plain_decoding_ms);
  return ratio(mine, plain);
}

double SpeculationSummary::ceiling() const {
  double expected = 0;
  for (size_t k = 0; k < proposed_histogram.size(); ++k)
    expected += static_cast<double>(proposed_histogram[k]) *
                expected_tokens(acceptance(), static_cast<int64_t>(k));
  return ratio(expected * single_pass_ms(*this), target_ms + draft_ms);
}

void add_generation(SpeculationSummary& s, const Generation& made, const Generation* plain) {
  s.tokens += static_cast<int64_t>(made.tokens.size());
  s.decoding_ms += made.decoding_ms();
  s.first_token_ms += made.first_token_ms;
  s.total_ms += made.total_ms;
  for (const SpeculativePass& pass : made.passes) {
    ++s.passes;
    s.proposed += pass.proposed;
    s.tried += std::min(pass.proposed, pass.accepted + 1);
    s.accepted += pass.accepted;
    s.draft_ms += pass.draft_ms + pass.backlog_ms;
    s.target_ms += pass.target_ms;
    count(s.accepted_histogram, pass.accepted);
    count(s.proposed_histogram, pass.proposed);
    count(s.passes_of_size, pass.proposed + 1);
    s.ms_of_size.resize(s.passes_of_size.size());
    s.ms_of_size[static_cast<size_t>(pass.proposed) + 1] += pass.target_ms;
  }
  if (plain != nullptr) {
    s.plain_tokens += static_cast<int64_t>(plain->tokens.size());
    s.plain_decoding_ms += plain->decoding_ms();
    s.plain_first_token_ms += plain->first_token_ms;
    s.plain_total_ms += plain->total_ms;
    const auto parts = std::mismatch(made.tokens.begin(), made.tokens.end(), plain->tokens.begin(),
                                     plain->tokens.end());
    if (parts.first == made.tokens.end() && parts.second == plain->tokens.end()) {
      ++s.identical;
    } else {
      const auto position = parts.first - made.tokens.begin();
      const float margin = static_cast<size_t>(position) < plain->margins.size()
                               ? plain->margins[static_cast<size_t>(position)]
                               : 0.0F;
      s.divergences.push_back({s.prompts, position, margin});
    }
  }
  ++s.prompts;
}

json SpeculationSummary::to_json() const {
  json sizes = json::array();
  for (size_t n = 1; n < passes_of_size.size(); ++n)
    if (passes_of_size[n] > 0)
      sizes.push_back({{"tokens", n},
                       {"passes", passes_of_size[n]},
                       {"ms", ms_of_size[n] / static_cast<double>(passes_of_size[n])}});
  json out = {
      {"prompts", prompts},
      {"tokens", tokens},
      {"tokens_per_second", 1000 * ratio(static_cast<double>(tokens - prompts), decoding_ms)},
      {"first_token_ms", ratio(first_token_ms, static_cast<double>(prompts))},
      {"target_passes", passes},
      {"tokens_per_pass", tokens_per_pass()},
      {"proposed", proposed},
      {"accepted", accepted},
      {"acceptance", acceptance()},
      {"accepted_histogram", accepted_histogram},
      {"proposed_histogram", proposed_histogram},
      {"target_passes_by_size", sizes},
      {"target_ms", target_ms},
      {"draft_ms", draft_ms},
      {"draft_ms_per_token", ratio(draft_ms, static_cast<double>(proposed))}};
  if (plain_tokens == 0) return out;
  json parts = json::array();
  for (const Divergence& d : divergences)
    parts.push_back({{"prompt", d.prompt}, {"position", d.position}, {"margin", d.margin}});
  out["plain"] = {{"tokens_per_second",
                   1000 * ratio(static_cast<double>(plain_tokens - prompts), plain_decoding_ms)},
                  {"first_token_ms", ratio(plain_first_token_ms, static_cast<double>(prompts))}};
  out["speed_up"] = speed_up();
  out["speed_up_with_prompt"] = ratio(plain_total_ms, total_ms);
  out["ceiling"] = ceiling();
  out["share_of_ceiling"] = ratio(speed_up(), ceiling());
  out["identical"] = identical;
  out["divergences"] = parts;
  return out;
}

}  // namespace kasuri::profiling
