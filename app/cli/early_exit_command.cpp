#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/command_line.h"
#include "app/cli/common_options.h"
#include "app/cli/progress_bar.h"
#include "engine/base/atomic_file.h"
#include "profiling/dynamic/early_exit_report.h"
#include "profiling/dynamic/exit_export.h"
#include "profiling/export/html.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct EarlyExitOptions {
  CommonOptionsPointer common;
  profiling::EarlyExitRequest request;
  std::vector<std::string> data, fit, test, drift, limits;
  std::string labels, gate = "max-probability", loss = "disagreement";
  std::vector<double> thresholds;
  std::string command, onnx, answers, html;
};

Result<profiling::EarlyExitRequest> request_of(const EarlyExitOptions& options) {
  profiling::EarlyExitRequest request = options.request;
  KASURI_TRY(request.network.model, model_request(*options.common));
  KASURI_TRY(request.network.plan, plan_request(*options.common));
  request.network.recipe = options.common->passes;
  request.seed = options.common->seed;
  request.data = {options.data, options.labels, 0};
  if (!options.fit.empty()) request.fit = profiling::DataRequest{options.fit, "", 0};
  if (!options.test.empty()) request.test = profiling::DataRequest{options.test, "", 0};
  if (!options.drift.empty()) request.drift = profiling::DataRequest{options.drift, "", 0};
  KASURI_TRY(request.gate, profiling::gate_called(options.gate));
  request.target.use_labels = options.loss == "labels";
  for (const std::string& text : options.limits) {
    KASURI_TRY(const profiling::ClassLimit limit, profiling::parse_class_limit(text));
    request.target.limits.push_back(limit);
  }
  if (!options.thresholds.empty()) request.thresholds = options.thresholds;
  return request;
}

Result<int> run_early_exit(const EarlyExitOptions& options, const TaskContext& context) {
  KASURI_TRY(const profiling::EarlyExitRequest request, request_of(options));
  KASURI_TRY(const profiling::EarlyExitResult result, profiling::early_exit(request, context));
  const json report = profiling::describe_early_exit(request, result, options.command);
  if (!options.onnx.empty())
    KASURI_RETURN_IF_ERROR(
        profiling::export_exits(options.onnx, *result.network, result.policy,
                                profiling::exit_facts(request, result, options.command), context));
  if (!options.answers.empty())
    KASURI_RETURN_IF_ERROR(profiling::write_answers(options.answers, result));
  if (!options.html.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(
        options.html, profiling::html_dynamic({{"dynamic", json::array({report})}})));
  end_progress();
  if (options.common->json)
    fmt::print("{}\n", report.dump(1));
  else
    fmt::print("{}", profiling::early_exit_text(report));
  return kDone;
}

void add_data_options(CLI::App& command, EarlyExitOptions& options) {
  command
      .add_option("--data", options.data,
                  "Samples: FILE or INPUT=FILE, .npy, .npz, .pb or a folder; thresholds are "
                  "certified on them")
      ->required()
      ->allow_extra_args(false);
  command.add_option("--labels", options.labels, "Labels of --data: FILE or FILE.npz:ARRAY");
  command.add_option("--fit-data", options.fit, "Samples to fit heads and order thresholds on")
      ->allow_extra_args(false);
  command.add_option("--test-data", options.test, "Samples to measure quality and time on")
      ->allow_extra_args(false);
  command
      .add_option("--drift-data", options.drift, "Samples to send through under the drift monitor")
      ->allow_extra_args(false);
}

void add_risk_options(CLI::App& command, EarlyExitOptions& options) {
  profiling::EarlyExitRequest& request = options.request;
  command.add_option("--delta", request.target.delta, "Largest loss allowed")
      ->check(CLI::Range(1e-6, 0.999));
  command.add_option("--eps", request.target.epsilon, "Probability of being wrong about that")
      ->check(CLI::Range(1e-6, 0.5));
  command.add_option("--loss", options.loss, "disagreement (with the full model) or labels")
      ->check(CLI::IsMember({"disagreement", "labels"}));
  command
      .add_option("--class-limit", options.limits,
                  "CLASS:misses=SHARE[,false-alarms=SHARE], e.g. 7:misses=0.5%")
      ->allow_extra_args(false);
  command.add_option("--gate", options.gate,
                     "entropy, margin, max-probability or saturation: what tells an easy input");
  command
      .add_option("--thresholds", options.thresholds,
                  "Uncertainty per exit, instead of certified ones; -1: never")
      ->delimiter(',');
  command.add_flag("--exact-only", request.exact_only, "Nothing may leave early");
  command
      .add_option("--splits", request.splits,
                  "Certify anew on so many splits and count how often the limits held")
      ->check(CLI::Range(0, 10000));
}

}  // namespace

void add_early_exit_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "early-exit", "Let easy inputs leave early: certified thresholds, measured time");
  auto options = std::make_shared<EarlyExitOptions>();
  options->common = add_common_options(*command, invocation);
  without(*command, {"--input"});
  add_data_options(*command, *options);
  add_risk_options(*command, *options);
  profiling::EarlyExitRequest& request = options->request;
  command->add_option("--exit", request.network.exits, "A value with class scores to leave at")
      ->allow_extra_args(false);
  command->add_flag("--keep-exits", request.keep_exits, "Use exits that do not pay, too");
  command->add_option("--final", request.network.final_name, "The full model's class scores");
  command->add_flag("--attach", request.attach, "Fit heads where the model has none");
  command->add_option("--heads", request.most_heads, "Heads to attach at most")
      ->check(CLI::Range(1, 12));
  command->add_option("--batch", request.batches, "Samples at once: 1,8")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024));
  command->add_option("--export", options->onnx,
                      "Write one ONNX file that leaves early by itself (nested If)");
  command->add_option("--report", options->html, "HTML file: data, samples, risk, gain");
  command->add_option("--answers", options->answers,
                      "Folder for scores, exits and near misses of the test samples");
  command->add_option("--runs", request.runs, "Inputs measured")->check(CLI::Range(20, 1000000));
  command->callback([&invocation, options] {
    options->command = reproducing_command();
    invocation.action = [options](const TaskContext& context) {
      return run_early_exit(*options, context);
    };
  });
}

}  // namespace kasuri::cli
