#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/command_line.h"
#include "app/cli/compare_options.h"
#include "app/cli/compare_table.h"
#include "app/cli/progress_bar.h"
#include "app/cli/report_options.h"
#include "engine/base/atomic_file.h"
#include "profiling/runtimes/export_model.h"
#include "profiling/worker/frame.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

/// The optimised model and its plan beside the report: optimized.onnx, optimized.kplan.
Status export_into_bundle(const CompareOptions& options, const profiling::CompareRequest& request,
                          const std::string& name, const TaskContext& context) {
  if (options.page.bundle.empty() || options.page.anonymise) return Done{};
  const auto ours =
      std::find_if(request.sides.rbegin(), request.sides.rend(),
                   [](const auto& side) { return side.runtime == "kasuri" && side.model.empty(); });
  if (ours == request.sides.rend()) return Done{};
  profiling::KasuriSession session;
  KASURI_RETURN_IF_ERROR(
      session.open({request.model, request.dims, request.synthesize_weights}, context));
  if (!session.has_model()) return Done{};
  KASURI_RETURN_IF_ERROR(session.optimize(ours->passes, context));
  profiling::PlanRequest plan;
  plan.threads = ours->threads;
  KASURI_RETURN_IF_ERROR(session.make_plan(plan, context));
  profiling::ExportRequest files;
  files.onnx_path = options.page.bundle + "/" + name + ".onnx";
  files.plan_path = options.page.bundle + "/" + name + ".kplan";
  KASURI_TRY(const auto written, profiling::export_model(session, files, context));
  (void)written;
  return Done{};
}

Result<int> compare_one(const CompareOptions& options, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(check_report_options(options.page));
  KASURI_RETURN_IF_ERROR(check_places({options.report, options.save_recipe}));
  KASURI_TRY(const profiling::CompareRequest request, compare_request(options));
  KASURI_TRY(json report, profiling::compare_model(request, context));
  end_progress();
  json comparisons = json::array({std::move(report)});
  finish_comparisons(comparisons, options.page);
  KASURI_RETURN_IF_ERROR(write_reports(comparisons, options.report, options.page, context));
  KASURI_RETURN_IF_ERROR(export_into_bundle(options, request, "optimized", context));
  const json& finished = comparisons[0];
  if (!options.save_recipe.empty() && finished.contains("search"))
    KASURI_RETURN_IF_ERROR(write_file_atomically(
        options.save_recipe, finished["search"]["best"].get<std::string>() + "\n"));
  if (options.common->json)
    fmt::print("{}\n", finished.dump(1));
  else
    print_comparison(finished);
  if (!options.report.empty() && !options.common->json)
    fmt::print("report: {}\n", std::filesystem::absolute(options.report).string());
  return finished["exit"].get<int>();
}

/// The models of a folder; a file is itself.
std::vector<std::string> models_in(const std::string& folder) {
  std::vector<std::string> models;
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) return {folder};
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const auto extension = entry.path().extension();
    if (extension == ".onnx" || extension == ".ktxt") models.push_back(entry.path().string());
  }
  std::sort(models.begin(), models.end());
  return models;
}

/// One row per model; a failure becomes a row with its reason. The worst exit code wins. Cancelled,
/// the rows that are finished are still written.
Result<int> compare_many(const CompareOptions& options, const TaskContext& context) {
  std::vector<std::string> models = models_in(options.common->model);
  for (const std::string& place : options.more)
    for (std::string& model : models_in(place)) models.push_back(std::move(model));
  if (models.empty()) return Error("no .onnx or .ktxt file in " + options.common->model);
  KASURI_RETURN_IF_ERROR(check_report_options(options.page));
  KASURI_RETURN_IF_ERROR(check_places({options.report, options.save_recipe}));
  KASURI_TRY(profiling::CompareRequest request, compare_request(options));
  json rows = json::array();
  int worst = kDone;
  for (const std::string& model : models) {
    request.model = model;
    const auto report = profiling::compare_model(request, context);
    end_progress();
    const bool cancelled = !report.ok() && report.error().kind() == ErrorKind::kCancelled;
    if (cancelled && rows.empty()) return report.error();
    const int code =
        report.ok() ? (*report)["exit"].get<int>() : profiling::exit_code_of(report.error());
    worst = std::max(worst, code);
    if (cancelled) break;
    rows.push_back(
        report.ok()
            ? *report
            : json{{"model", {{"path", model}}}, {"exit", code}, {"error", report.error().text()}});
    if (!options.common->json) print_comparison_row(rows.back());
  }
  finish_comparisons(rows, options.page);
  KASURI_RETURN_IF_ERROR(write_reports(rows, options.report, options.page, context));
  for (size_t i = 0; i < rows.size(); ++i) {
    request.model = models[i];
    if (!rows[i].contains("error"))
      KASURI_RETURN_IF_ERROR(
          export_into_bundle(options, request, fmt::format("optimized_{}", i + 1), context));
  }
  if (options.common->json)
    fmt::print("{}\n", rows.dump(1));
  else if (!options.report.empty())
    fmt::print("report: {}\n", std::filesystem::absolute(options.report).string());
  return worst;
}

}  // namespace

void add_compare_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("compare", "Measure before and after, interleaved, outputs checked");
  auto options = std::make_shared<CompareOptions>();
  options->common = add_common_options(*command, invocation);
  command->add_option("more", options->more, "More models or folders: one row each");
  command->remove_option(command->get_option("--threads"));
  command
      ->add_option("--threads", options->threads,
                   "Threads of the sides; several (1,2): every side at each of them")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024));
  add_compare_options(*command, *options);
  command->callback([&invocation, options] {
    options->command = reproducing_command();
    invocation.action = [options](const TaskContext& context) {
      if (!options->threads.empty()) options->common->threads = options->threads.front();
      std::error_code ignored;
      const bool many =
          !options->more.empty() || std::filesystem::is_directory(options->common->model, ignored);
      return many ? compare_many(*options, context) : compare_one(*options, context);
    };
  });
}

}  // namespace kasuri::cli
