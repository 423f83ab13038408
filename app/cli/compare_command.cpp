#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/command_line.h"
#include "app/cli/common_options.h"
#include "app/cli/compare_table.h"
#include "app/cli/progress_bar.h"
#include "engine/base/atomic_file.h"
#include "profiling/compare_models.h"
#include "profiling/export/html.h"
#include "profiling/worker/frame.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct CompareOptions {
  CommonOptionsPointer common;
  std::string before = "none", after = "default";
  std::vector<std::string> sides, requirements;
  std::string report;
  int samples = 0, blocks = 0;
  double min_time = 0;
  std::optional<double> fail_if_slower;
  bool time_identical = false, no_fidelity = false, no_memory = false;
  std::string command;
};

/// Two or more sides of which one is ours stand alone; other runtimes join before and after.
bool is_whole_comparison(const std::vector<profiling::SideSpec>& given) {
  return given.size() >= 2 && std::any_of(given.begin(), given.end(), [](const auto& side) {
           return side.runtime == "kasuri";
         });
}

Result<std::vector<profiling::SideSpec>> sides_of(const CompareOptions& options) {
  profiling::SideSpec defaults;
  KASURI_TRY(const auto plan, plan_request(*options.common));
  defaults.backend = plan.backend;
  defaults.threads = plan.threads;
  defaults.cpus = plan.cpus;
  defaults.memory_limit = plan.memory_limit;
  std::vector<profiling::SideSpec> given, sides;
  for (const std::string& text : options.sides) {
    KASURI_TRY(profiling::SideSpec side, profiling::parse_side(text, defaults));
    given.push_back(std::move(side));
  }
  if (!is_whole_comparison(given)) {
    for (const auto& [name, passes] :
         {std::pair{"before", options.before}, {"after", options.after}}) {
      sides.push_back(defaults);
      sides.back().name = name;
      sides.back().passes = passes;
    }
  }
  sides.insert(sides.end(), given.begin(), given.end());
  for (size_t i = 0; i < sides.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (sides[i].name == sides[j].name)
        return Error("two sides are called '" + sides[i].name + "'");
  return sides;
}

Result<profiling::CompareRequest> request_of(const CompareOptions& options) {
  profiling::CompareRequest request;
  request.model = options.common->model;
  request.synthesize_weights = options.common->synthesize_weights;
  KASURI_TRY(request.dims, dims_of(options.common->dims));
  KASURI_TRY(request.inputs, input_request(*options.common));
  KASURI_TRY(request.sides, sides_of(options));
  request.blocks.blocks = options.blocks;
  request.blocks.samples = options.samples;
  request.blocks.min_seconds = options.min_time;
  request.time_identical = options.time_identical;
  request.check_fidelity = !options.no_fidelity;
  request.measure_memory = !options.no_memory;
  request.fail_if_slower_percent = options.fail_if_slower;
  request.command = options.command;
  for (const std::string& text : options.requirements) {
    KASURI_TRY(profiling::Requirement requirement, profiling::parse_requirement(text));
    request.requirements.push_back(std::move(requirement));
  }
  return request;
}

Result<int> compare_one(const CompareOptions& options, const TaskContext& context) {
  KASURI_TRY(const profiling::CompareRequest request, request_of(options));
  KASURI_TRY(const json report, profiling::compare_model(request, context));
  end_progress();
  if (!options.report.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(options.report, profiling::html_report(report)));
  if (options.common->json)
    fmt::print("{}\n", report.dump(1));
  else
    print_comparison(report);
  if (!options.report.empty() && !options.common->json)
    fmt::print("report: {}\n", std::filesystem::absolute(options.report).string());
  return report["exit"].get<int>();
}

std::vector<std::string> models_in(const std::string& folder) {
  std::vector<std::string> models;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const auto extension = entry.path().extension();
    if (extension == ".onnx" || extension == ".ktxt") models.push_back(entry.path().string());
  }
  std::sort(models.begin(), models.end());
  return models;
}

/// One row per model; a failure becomes a row with its reason. The worst exit code wins.
Result<int> compare_folder(const CompareOptions& options, const TaskContext& context) {
  const std::vector<std::string> models = models_in(options.common->model);
  if (models.empty()) return Error("no .onnx or .ktxt file in " + options.common->model);
  KASURI_TRY(profiling::CompareRequest request, request_of(options));
  json rows = json::array();
  int worst = kDone;
  for (const std::string& model : models) {
    request.model = model;
    const auto report = profiling::compare_model(request, context);
    end_progress();
    if (!report.ok() && report.error().kind() == ErrorKind::kCancelled) return report.error();
    const int code =
        report.ok() ? (*report)["exit"].get<int>() : profiling::exit_code_of(report.error());
    worst = std::max(worst, code);
    rows.push_back(
        report.ok()
            ? *report
            : json{{"model", {{"path", model}}}, {"exit", code}, {"error", report.error().text()}});
    if (!options.common->json) print_comparison_row(rows.back());
  }
  if (options.common->json) fmt::print("{}\n", rows.dump(1));
  if (!options.report.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(options.report, profiling::html_overview(rows)));
  return worst;
}

void add_options(CLI::App& command, CompareOptions& options) {
  command.add_option("--before", options.before, "Recipe of the first side (none)");
  command.add_option("--after", options.after, "Recipe of the second side (default)");
  command
      .add_option(
          "--side", options.sides,
          "NAME:key=value,... one more column; two or more with a Kasuri side among them replace "
          "before and after")
      ->allow_extra_args(false);
  command.add_option("--report", options.report, "Write one self-contained HTML file");
  command.add_option("--samples", options.samples, "At least so many runs per side");
  command
      .add_option("--blocks", options.blocks,
                  "Blocks per side, at least 9 (21 to 61 by the length of a run)")
      ->check(CLI::Range(9, 10000));
  command.add_option("--min-time", options.min_time, "At least so many measured seconds per side");
  command.add_option("--require", options.requirements, "p90<=100ms, rss<=512MiB, ...")
      ->allow_extra_args(false);
  command.add_option("--fail-if-slower", options.fail_if_slower,
                     "Percent; exit code 4 if slower by more");
  command.add_flag("--time-identical", options.time_identical,
                   "Time sides whose plans are equal (self-test)");
  command.add_flag("--no-fidelity", options.no_fidelity, "Do not check outputs");
  command.add_flag("--no-memory", options.no_memory, "No fresh processes for peak memory");
}

}  // namespace

void add_compare_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("compare", "Measure before and after, interleaved, outputs checked");
  auto options = std::make_shared<CompareOptions>();
  options->common = add_common_options(*command, invocation);
  add_options(*command, *options);
  command->callback([&invocation, options] {
    options->command = reproducing_command();
    invocation.action = [options](const TaskContext& context) {
      std::error_code ignored;
      return std::filesystem::is_directory(options->common->model, ignored)
                 ? compare_folder(*options, context)
                 : compare_one(*options, context);
    };
  });
}

}  // namespace kasuri::cli
