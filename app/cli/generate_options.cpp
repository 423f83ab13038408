#include "app/cli/generate_options.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "profiling/dynamic/decode_early.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

Result<std::vector<int64_t>> tokens_of(const json& entry, const std::string& where) {
  std::vector<int64_t> tokens;
  if (entry.is_string()) {
    for (unsigned char c : entry.get<std::string>()) tokens.push_back(c);
    return tokens;
  }
  if (!entry.is_array()) return Error(where + " is neither a text nor a list of tokens");
  for (const json& token : entry) {
    if (!token.is_number_integer()) return Error(where + " holds something that is no token");
    tokens.push_back(token.get<int64_t>());
  }
  return tokens;
}

Result<json> prompt_list(const std::string& path, const std::string& key) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error("cannot read " + path);
  json data = json::parse(file, nullptr, false);
  if (data.is_discarded()) return Error(path + " is not JSON");
  if (data.is_array()) return data;
  if (!data.is_object()) return Error(path + " holds no list of prompts");
  const std::string wanted = key.empty() ? "prompts" : key;
  if (data.contains(wanted) && data[wanted].is_array()) return data[wanted];
  std::string lists;
  for (const auto& [name, value] : data.items())
    if (value.is_array()) lists += (lists.empty() ? "" : ", ") + name;
  return Error(fmt::format("{} has no list '{}'; its lists are: {}", path, wanted, lists));
}

Result<std::vector<std::vector<int64_t>>> read_prompt_file(const std::string& text) {
  const size_t colon = text.rfind(".json:");
  const std::string path = colon == std::string::npos ? text : text.substr(0, colon + 5);
  const std::string key = colon == std::string::npos ? "" : text.substr(colon + 6);
  KASURI_TRY(const json list, prompt_list(path, key));
  std::vector<std::vector<int64_t>> prompts;
  for (const json& entry : list) {
    KASURI_TRY(auto tokens, tokens_of(entry, fmt::format("prompt {} of {}", prompts.size(), path)));
    prompts.push_back(std::move(tokens));
  }
  return prompts;
}

}  // namespace

Result<profiling::DecodeNames> GenerateOptions::names() const {
  profiling::DecodeNames out;
  out.tokens = tokens_input;
  out.logits = logits_output;
  for (const std::string& pair : cache) {
    const size_t at = pair.find('=');
    if (at == std::string::npos || at == 0 || at + 1 == pair.size())
      return Error(fmt::format("--cache wants PAST=PRESENT, not '{}'", pair));
    out.cache[pair.substr(0, at)] = pair.substr(at + 1);
  }
  return out;
}

Result<profiling::DecodeSource> GenerateOptions::draft_source() const {
  constexpr std::string_view kEarly = "early:";
  if (draft.rfind(kEarly, 0) != 0) return profiling::DecodeSource{draft, nullptr};
  return profiling::early_layers(common->model, draft.substr(kEarly.size()));
}

profiling::GenerationRequest GenerateOptions::generation() const {
  profiling::GenerationRequest request;
  request.new_tokens = new_tokens;
  request.sampling = {temperature, top_k, common->seed};
  request.stop_token = stop_token;
  return request;
}

std::shared_ptr<GenerateOptions> add_generate_options(CLI::App& command, Invocation& invocation) {
  auto o = std::make_shared<GenerateOptions>();
  o->common = add_common_options(command, invocation);
  without(command, {"--dim", "--input", "--synthesize-weights"});
  command.add_option("--draft", o->draft,
                     "Who proposes tokens: an ONNX file, 'early:VALUE' (this model up to the "
                     "value VALUE, with its own head) or 'lookup' (what followed before)");
  command.add_option("--draft-tokens", o->draft_tokens, "Most tokens proposed at once (4)")
      ->check(CLI::Range(1, static_cast<int>(profiling::kMostProposed)));
  command.add_flag("--fixed-depth", o->fixed_depth,
                   "Always propose so many; else as many as pay, none where none pays");
  command.add_flag("--with-lookup", o->with_lookup, "Look up first; draft where nothing is found");
  command.add_option("--ngram", o->ngram, "lookup: tokens that must match (3)")
      ->check(CLI::Range(1, 64));
  command.add_option("--prompt", o->prompt, "A text, taken as bytes");
  command.add_option("--prompt-tokens", o->prompt_tokens, "Tokens");
  command.add_option("--prompts", o->prompts, "FILE.json or FILE.json:KEY, a list of prompts");
  command.add_option("--limit", o->limit, "Only the first prompts")->check(CLI::PositiveNumber);
  command.add_option("-n,--new-tokens", o->new_tokens, "Tokens to add (64)")
      ->check(CLI::Range(1, 1 << 20));
  command.add_option("--stop-token", o->stop_token, "Ends a text")->check(CLI::NonNegativeNumber);
  command.add_option("--temperature", o->temperature, "0: greedy (default)")
      ->check(CLI::Range(0.0, 100.0));
  command.add_option("--top-k", o->top_k, "Sample among the so many most probable tokens")
      ->check(CLI::NonNegativeNumber);
  command.add_flag("--compare", o->compare, "Plain decoding beside it, prompt by prompt");
  command.add_option("--tokens-input", o->tokens_input, "Input that takes tokens (input_ids)");
  command.add_option("--logits-output", o->logits_output, "Output with scores (logits)");
  command.add_option("--report", o->html, "HTML file: acceptance, gain beside plain decoding");
  command.add_option("--cache", o->cache, "PAST=PRESENT, where names do not tell")
      ->allow_extra_args(false);
  return o;
}

Result<std::vector<std::vector<int64_t>>> read_prompts(const GenerateOptions& options) {
  std::vector<std::vector<int64_t>> prompts;
  if (!options.prompts.empty()) {
    KASURI_TRY(prompts, read_prompt_file(options.prompts));
  }
  if (!options.prompt.empty()) {
    KASURI_TRY(auto tokens, tokens_of(json(options.prompt), "the prompt"));
    prompts.push_back(std::move(tokens));
  }
  if (!options.prompt_tokens.empty()) prompts.push_back(options.prompt_tokens);
  if (prompts.empty())
    return Error("no prompt; give --prompt TEXT, --prompt-tokens or --prompts FILE.json");
  if (options.limit > 0 && static_cast<size_t>(options.limit) < prompts.size())
    prompts.resize(static_cast<size_t>(options.limit));
  return prompts;
}

}  // namespace kasuri::cli
