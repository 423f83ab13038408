#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/command_line.h"
#include "app/cli/common_options.h"
#include "app/cli/generate_options.h"
#include "app/cli/generate_report.h"
#include "app/cli/progress_bar.h"
#include "engine/base/atomic_file.h"
#include "profiling/dynamic/speculative_study.h"
#include "profiling/export/html.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;
using profiling::DecodeModel;
using profiling::Generation;
using profiling::GenerationRequest;
using profiling::Generator;
using profiling::Proposer;

/// What generates: the target, the draft, and plain decoding beside it.
struct Decoding {
  std::unique_ptr<DecodeModel> target;
  std::unique_ptr<Proposer> proposer;
  std::unique_ptr<Generator> with_draft, plain;
};

Result<std::unique_ptr<DecodeModel>> open_decoder(const GenerateOptions& options,
                                                  profiling::DecodeSource source,
                                                  const TaskContext& task) {
  profiling::DecodeRequest request;
  request.source = std::move(source);
  KASURI_TRY(request.names, options.names());
  request.recipe = options.common->passes;
  KASURI_TRY(request.plan, plan_request(*options.common));
  return DecodeModel::open(std::move(request), task);
}

Result<std::unique_ptr<Proposer>> open_proposer(const GenerateOptions& options,
                                                const DecodeModel& target,
                                                const TaskContext& task) {
  const bool model_drafts = !options.draft.empty() && options.draft != "lookup";
  if (options.with_lookup && !model_drafts)
    return Error("--with-lookup needs a --draft that is a model or early:VALUE");
  if (options.draft.empty()) return std::unique_ptr<Proposer>();
  const profiling::LookupProposer lookup(options.ngram);
  if (options.draft == "lookup")
    return std::unique_ptr<Proposer>(std::make_unique<profiling::LookupProposer>(lookup));
  KASURI_TRY(auto source, options.draft_source());
  KASURI_TRY(auto model, open_decoder(options, std::move(source), task));
  if (model->face().vocabulary != target.face().vocabulary)
    return Error(fmt::format(
        "the draft {} has a vocabulary of {}, {} one of {}: a draft must speak "
        "the target's tokens",
        options.draft, model->face().vocabulary, options.common->model, target.face().vocabulary));
  std::unique_ptr<Proposer> proposer =
      std::make_unique<profiling::ModelProposer>(std::move(model), options.draft);
  if (options.with_lookup)
    proposer = std::make_unique<profiling::ChainProposer>(lookup, std::move(proposer));
  return proposer;
}

Result<Decoding> prepare(const GenerateOptions& options, const TaskContext& task) {
  Decoding made;
  KASURI_TRY(made.target, open_decoder(options, {options.common->model, nullptr}, task));
  KASURI_TRY(made.proposer, open_proposer(options, *made.target, task));
  made.with_draft =
      std::make_unique<Generator>(*made.target, made.proposer.get(), options.depth_rule());
  made.plain = std::make_unique<Generator>(*made.target, nullptr, options.depth_rule());
  return made;
}

Result<json> generate(const GenerateOptions& options, const TaskContext& task) {
  KASURI_TRY(Decoding decoding, prepare(options, task));
  KASURI_TRY(const auto prompts, read_prompts(options));
  profiling::SpeculationSummary summary;
  json texts = json::array();
  double prepare_ms = 0;
  for (size_t k = 0; k < prompts.size(); ++k) {
    task.report("Prompt", static_cast<double>(k), static_cast<double>(prompts.size()));
    GenerationRequest request = options.generation();
    request.prompt = prompts[k];
    request.sampling.seed += k;
    KASURI_RETURN_IF_ERROR(decoding.with_draft->warm_up(static_cast<int64_t>(request.prompt.size()),
                                                        request.new_tokens, task));
    std::optional<Generation> plain;
    const auto run_plain = [&]() -> Status {
      if (!options.compare) return ok_status();
      KASURI_TRY(plain, decoding.plain->run(request, task));
      return ok_status();
    };
    if (k % 2 == 0) KASURI_RETURN_IF_ERROR(run_plain());
    KASURI_TRY(const Generation made, decoding.with_draft->run(request, task));
    if (k % 2 == 1) KASURI_RETURN_IF_ERROR(run_plain());
    add_generation(summary, made, plain ? &*plain : nullptr);
    if (prompts.size() <= kMostTexts) texts.push_back(made.tokens);
  }
  json out = summary.to_json();
  if (!texts.empty()) out["texts"] = texts;
  prepare_ms = decoding.target->planning_ms();
  describe_generation(out, options, *decoding.target, decoding.proposer.get(), prepare_ms);
  return out;
}

Result<int> run_generate(const GenerateOptions& options, const TaskContext& task) {
  KASURI_TRY(const json out, generate(options, task));
  if (!options.html.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(
        options.html, profiling::html_dynamic({{"dynamic", json::array({out})}})));
  end_progress();
  if (options.common->json)
    fmt::print("{}\n", out.dump(1, ' ', false, json::error_handler_t::replace));
  else
    print_generation(out, options);
  return kDone;
}

}  // namespace

void add_generate_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "generate", "Continue texts with a decoder, with a draft that proposes tokens");
  auto options = add_generate_options(*command, invocation);
  command->callback([&invocation, options] {
    options->command = reproducing_command();
    invocation.action = [options](const TaskContext& task) { return run_generate(*options, task); };
  });
}

}  // namespace kasuri::cli
