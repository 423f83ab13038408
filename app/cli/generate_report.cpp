#include "app/cli/generate_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace kasuri::cli {
namespace {

using nlohmann::json;

std::string text_of_tokens(const json& tokens, int64_t vocabulary) {
  if (vocabulary != 256) return tokens.dump();
  std::string text;
  for (const json& token : tokens) text += static_cast<char>(token.get<int64_t>());
  return text;
}

void print_comparison(const json& out) {
  const json& plain = out["plain"];
  fmt::print("plain: {:.0f} tokens/s, first token {:.1f} ms\n",
             plain["tokens_per_second"].get<double>(), plain["first_token_ms"].get<double>());
  fmt::print("{:.2f}x plain; ceiling by the formula with these costs {:.2f}x ({:.0f} % reached)\n",
             out["speed_up"].get<double>(), out["ceiling"].get<double>(),
             100 * out["share_of_ceiling"].get<double>());
  fmt::print("{} of {} texts equal plain decoding\n", out["identical"].get<int64_t>(),
             out["prompts"].get<int64_t>());
  for (const json& d : out["divergences"])
    fmt::print("  prompt {} differs at new token {}, margin of the two largest scores {:.2g}\n",
               d["prompt"].get<int64_t>(), d["position"].get<int64_t>(), d["margin"].get<double>());
}

}  // namespace

void describe_generation(json& out, const GenerateOptions& options,
                         const profiling::DecodeModel& target, const profiling::Proposer* proposer,
                         double prepare_ms) {
  out["kind"] = "generate";
  out["model"] = options.common->model;
  out["recipe"] = options.common->passes;
  out["threads"] = options.common->threads;
  out["new_tokens"] = options.new_tokens;
  out["vocabulary"] = target.face().vocabulary;
  out["cache_tensors"] = target.face().cache.size();
  out["draft"] = proposer == nullptr ? json() : json(proposer->name());
  out["depth"] = {{"most", options.draft_tokens}, {"adaptive", !options.fixed_depth}};
  out["sampling"] = {{"temperature", options.temperature},
                     {"top_k", options.top_k},
                     {"seed", options.common->seed}};
  out["plans"] = target.plans_made();
  out["prepare_ms"] = prepare_ms;
  out["command"] = options.command;
}

void print_generation(const json& out, const GenerateOptions& options) {
  if (out.contains("texts"))
    for (const json& text : out["texts"])
      fmt::print("{}\n---\n", text_of_tokens(text, out["vocabulary"].get<int64_t>()));
  fmt::print("{} texts, {} tokens: {:.0f} tokens/s, first token {:.1f} ms\n",
             out["prompts"].get<int64_t>(), out["tokens"].get<int64_t>(),
             out["tokens_per_second"].get<double>(), out["first_token_ms"].get<double>());
  if (!options.draft.empty())
    fmt::print(
        "draft {}: {:.2f} tokens per target pass, acceptance {:.3f} of {} proposed; passes "
        "by accepted tokens {}\n",
        options.draft, out["tokens_per_pass"].get<double>(), out["acceptance"].get<double>(),
        out["proposed"].get<int64_t>(), out["accepted_histogram"].dump());
  if (out.contains("plain")) print_comparison(out);
  fmt::print("{}\n", out["command"].get<std::string>());
}

}  // namespace kasuri::cli
