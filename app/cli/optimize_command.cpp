#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/common_options.h"
#include "app/cli/progress_bar.h"
#include "passes/optimize.h"
#include "profiling/runtimes/export_model.h"
#include "profiling/worker/describe_rewrite.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct OptimizeOptions {
  CommonOptionsPointer common;
  profiling::ExportRequest request;
};

void print_applied(const json& passes) {
  for (const json& pass : passes)
    if (pass["applied"].get<int>() > 0)
      fmt::print("  {:<16} {:>5} applied, {} declined\n", pass["name"].get<std::string>(),
                 pass["applied"].get<int>(), pass["declined"].get<int>());
}

Result<int> optimize_model(const OptimizeOptions& options, const TaskContext& context) {
  if (options.request.onnx_path.empty() && options.request.plan_path.empty())
    return Error("nothing to write: give -o OUT.onnx or --plan OUT.kplan");
  KASURI_TRY(const Recipe recipe, parse_recipe(options.common->passes));
  KASURI_TRY(const auto model, model_request(*options.common));
  KASURI_TRY(const auto plan, plan_request(*options.common));
  profiling::KasuriSession session;
  KASURI_RETURN_IF_ERROR(session.open(model, context));
  KASURI_RETURN_IF_ERROR(session.optimize(options.common->passes, context));
  if (!options.request.plan_path.empty()) KASURI_RETURN_IF_ERROR(session.make_plan(plan, context));
  KASURI_TRY(const std::vector<std::string> files, export_model(session, options.request, context));
  end_progress();
  const json passes = profiling::describe_log(recipe, session.optimized().log);
  const size_t before = session.model().graph.node_count(),
               after = session.optimized().graph->node_count();
  if (options.common->json) {
    const json result = {{"files", files},
                         {"operators_before", before},
                         {"operators_after", after},
                         {"groups", session.optimized().decisions.groups().size()},
                         {"passes", passes}};
    fmt::print("{}\n", result.dump(1));
    return kDone;
  }
  fmt::print("{} operators -> {} in {} groups\n", before, after,
             session.optimized().decisions.groups().size());
  print_applied(passes);
  for (const std::string& file : files) fmt::print("wrote {}\n", file);
  return kDone;
}

}  // namespace

void add_optimize_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("optimize", "Write the rewritten model and its plan");
  auto options = std::make_shared<OptimizeOptions>();
  options->common = add_common_options(*command, invocation);
  command->add_option("-o,--output", options->request.onnx_path, "ONNX file to write");
  command->add_option("--plan", options->request.plan_path, "Plan file to write");
  command->add_option("--opset", options->request.opset, "Opset of the file (the model's own)");
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext& context) {
      return optimize_model(*options, context);
    };
  });
}

}  // namespace kasuri::cli
