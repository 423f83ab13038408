#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/common_options.h"
#include "passes/optimize.h"
#include "profiling/runtimes/backends.h"
#include "profiling/worker/describe_rewrite.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct PassesOptions {
  CommonOptions common;
  bool check = false;
};

std::string text(const json& object, const char* key) { return object[key].get<std::string>(); }

void print_sites(const json& rule) {
  for (const json& site : rule["sites"])
    fmt::print("        {:<9} {}{}{}\n", text(site, "outcome"), text(site, "site"),
               text(site, "reason").empty() ? "" : ": ", text(site, "reason"));
}

void print_passes(const json& passes, bool with_sites) {
  for (const json& pass : passes) {
    const char* state = pass["always_on"].get<bool>() ? "always"
                        : pass["enabled"].get<bool>() ? "on"
                                                      : "off";
    fmt::print("{}  [{}, {}]  {}\n", text(pass, "name"), state, text(pass, "fidelity"),
               text(pass, "law"));
    for (const json& rule : pass["rules"]) {
      fmt::print("    {}  [{}, {}]  {}\n", text(rule, "name"),
                 rule["enabled"].get<bool>() ? "on" : "off", text(rule, "fidelity"),
                 text(rule, "law"));
      if (!with_sites) continue;
      fmt::print("        {} applied, {} declined\n", rule["applied"].get<int>(),
                 rule["declined"].get<int>());
      print_sites(rule);
    }
  }
}

Result<int> list_passes(const PassesOptions& options, const TaskContext& context) {
  KASURI_TRY(const Recipe recipe, parse_recipe(options.common.passes));
  const bool check = options.check || !options.common.model.empty();
  json passes = profiling::describe_catalogue(recipe);
  if (check) {
    if (options.common.model.empty()) return Error("passes --check needs a model");
    KASURI_TRY(const auto request, model_request(options.common));
    profiling::KasuriSession session;
    KASURI_RETURN_IF_ERROR(session.open(request, context));
    KASURI_RETURN_IF_ERROR(session.optimize(options.common.passes, context));
    passes = profiling::describe_log(recipe, session.optimized().log);
  }
  if (options.common.json)
    fmt::print("{}\n", json{{"recipe", recipe.text()}, {"passes", passes}}.dump(1));
  else
    print_passes(passes, check);
  return kDone;
}

}  // namespace

void add_passes_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("passes", "Every pass and rule; with a model, what each does where");
  auto options = std::make_shared<PassesOptions>();
  command->add_option("model", options->common.model, "ONNX model");
  command->add_flag("--check", options->check, "Per rule and site: applied or declined and why");
  command->add_option("--passes", options->common.passes, "Recipe to check");
  add_model_options(*command, options->common, invocation);
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext& context) {
      return list_passes(*options, context);
    };
  });
}

}  // namespace kasuri::cli
