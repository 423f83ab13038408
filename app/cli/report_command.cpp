#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/invocation.h"
#include "app/cli/report_options.h"
#include "profiling/export/comparison_schema.h"
#include "profiling/export/dynamic_schema.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct RebuildOptions {
  ReportOptions report;
  std::vector<std::string> files;
  std::string out;
  bool json = false;
};

/// Answers of early-exit, generate and diffuse become part of the comparison of their model, or of
/// the first one there is; without any they are a report of their own.
Status attach_dynamic(json& comparisons, const ReportOptions& options) {
  json kept = json::array(), dynamic = json::array();
  for (json& result : comparisons)
    (profiling::is_dynamic_result(result) ? dynamic : kept).push_back(std::move(result));
  comparisons = std::move(kept);
  if (dynamic.empty()) return Done{};
  if (comparisons.empty() && !options.bundle.empty())
    return Error("--bundle needs a file of compare --json");
  if (comparisons.empty()) comparisons.push_back({{"model", {{"path", dynamic[0]["model"]}}}});
  for (json& result : dynamic) {
    json* home = &comparisons[0];
    for (json& report : comparisons)
      if (report["model"]["path"] == result["model"]) home = &report;
    (*home)["dynamic"].push_back(std::move(result));
  }
  return Done{};
}

/// The file to name: the HTML, else what there is instead.
std::string place_of(const RebuildOptions& options) {
  const bool bundled = !options.report.bundle.empty();
  return std::filesystem::absolute(!options.out.empty() ? options.out
                                   : bundled            ? options.report.bundle + "/report.html"
                                                        : options.report.pdf)
      .string();
}

int told(const RebuildOptions& options, size_t comparisons) {
  const std::string path = place_of(options);
  if (options.json)
    fmt::print("{}\n", json{{"report", path}, {"comparisons", comparisons}}.dump(1));
  else
    fmt::print("report: {}\n", path);
  return kDone;
}

Result<int> write_matrix(json& matrix, const RebuildOptions& options, const TaskContext& context) {
  finish_matrix(matrix, options.report);
  KASURI_RETURN_IF_ERROR(write_matrix_reports(matrix, options.out, options.report, context));
  return told(options, matrix["cells"].size());
}

Result<int> write_report(const RebuildOptions& options, const TaskContext& context) {
  if (options.out.empty() && options.report.bundle.empty() && options.report.pdf.empty())
    return Error("name the report with -o FILE.html, --pdf FILE.pdf or --bundle FOLDER");
  KASURI_RETURN_IF_ERROR(check_report_options(options.report));
  if (options.files.size() == 1) {
    KASURI_TRY(json matrix, profiling::read_matrix(options.files.front()));
    if (!matrix.is_null()) return write_matrix(matrix, options, context);
  }
  json comparisons = json::array();
  for (const std::string& file : options.files) {
    KASURI_TRY(const json read, profiling::read_comparisons(file));
    comparisons.insert(comparisons.end(), read.begin(), read.end());
  }
  KASURI_RETURN_IF_ERROR(attach_dynamic(comparisons, options.report));
  if (comparisons.empty()) return Error("no comparison in " + options.files.front());
  finish_comparisons(comparisons, options.report);
  KASURI_RETURN_IF_ERROR(write_reports(comparisons, options.out, options.report, context));
  return told(options, comparisons.size());
}

}  // namespace

void add_report_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "report", "The report of results made earlier or elsewhere; needs no model");
  auto options = std::make_shared<RebuildOptions>();
  command
      ->add_option(
          "files", options->files,
          "Files of compare --json; several: an overview; or one matrix of sweep --out. Those of "
          "early-exit, "
          "generate and diffuse become sections of the comparison of their "
          "model, or of the first")
      ->required();
  command->add_option("-o,--out", options->out, "The HTML file to write");
  add_report_options(*command, options->report);
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("--quiet", invocation.quiet, "No progress on stderr");
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext& context) {
      return write_report(*options, context);
    };
  });
}

}  // namespace kasuri::cli
