#include "app/cli/report_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "profiling/conclusion.h"
#include "profiling/export/anonymise.h"
#include "profiling/export/bundle.h"
#include "profiling/export/html.h"
#include "profiling/export/pdf.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

/// Like CLI::NonNegativeNumber, in words that can be read.
CLI::Validator not_negative() {
  return CLI::Validator(
      [](std::string& text) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool whole = error == std::errc() && end == text.data() + text.size();
        return whole && value >= 0 && std::isfinite(value)
                   ? std::string()
                   : "'" + text + "' is not a number from 0 up";
      },
      "NONNEGATIVE");
}

json described(const profiling::WorkLoad& load) {
  return {{"queries_per_day", load.queries_per_day},
          {"machines", load.machines},
          {"cost_per_machine_hour", load.cost_per_machine_hour},
          {"effort_hours", load.effort_hours},
          {"cost_per_effort_hour", load.cost_per_effort_hour}};
}

void put_document(json& report, const ReportOptions& options) {
  const std::pair<const char*, const std::string*> fields[] = {
      {"client", &options.client},     {"project", &options.project},
      {"author", &options.author},     {"version", &options.version},
      {"prepared", &options.prepared}, {"checked", &options.checked},
      {"approved", &options.approved}, {"remarks", &options.remarks},
      {"language", &options.language}};
  for (const auto& [key, value] : fields)
    if (!value->empty()) report["document"][key] = *value;
}

}  // namespace

void add_load_options(CLI::App& command, profiling::WorkLoad& load) {
  command.add_option("--queries-per-day", load.queries_per_day, "For the payback")
      ->check(not_negative());
  command
      .add_option("--machines", load.machines,
                  "That run all day for this work; without it, hours are paid as used")
      ->check(not_negative());
  command
      .add_option("--cost-per-hour", load.cost_per_machine_hour, "Of a machine, in your currency")
      ->check(not_negative());
  command.add_option("--effort-hours", load.effort_hours, "To adopt the optimised model")
      ->check(not_negative());
  command.add_option("--cost-per-effort-hour", load.cost_per_effort_hour, "Of that work")
      ->check(not_negative());
}

bool is_given(const profiling::WorkLoad& load) {
  return load.queries_per_day > 0 || load.machines > 0;
}

void add_report_options(CLI::App& command, ReportOptions& options) {
  command.add_option("--client", options.client, "On the report: who it is for");
  command.add_option("--project", options.project, "On the report");
  command.add_option("--author", options.author, "On the report");
  command.add_option("--report-version", options.version, "On the report: its version");
  command.add_option("--prepared", options.prepared, "On the report: who made it, when");
  command.add_option("--checked", options.checked, "On the report: who checked it");
  command.add_option("--approved", options.approved, "On the report: who approved it");
  command.add_option("--remarks", options.remarks, "On the report: free text");
  command.add_option("--language", options.language, "Of the report: en or ja")
      ->check(CLI::IsMember({"en", "ja"}));
  command.add_option("--bundle", options.bundle,
                     "Folder for report, JSON, CSV and, where the model is there, the optimised "
                     "model and plan");
  command.add_option("--pdf", options.pdf,
                     "Also print the report to a PDF; needs Chromium, Chrome or Edge");
  command.add_flag("--anonymise", options.anonymise,
                   "Replace names of model, nodes, tensors, paths and host");
  add_load_options(command, options.load);
}

void finish_comparisons(json& comparisons, const ReportOptions& options) {
  for (json& report : comparisons) {
    put_document(report, options);
    if (report.contains("error") || !report.contains("sides")) continue;
    if (is_given(options.load)) report["load"] = described(options.load);
    report["conclusion"] = profiling::conclude(report);
  }
  if (options.anonymise) profiling::anonymise(comparisons);
}

Status write_reports(const json& comparisons, const std::string& html, const ReportOptions& options,
                     const TaskContext& context) {
  if (!html.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(html, profiling::html_of(comparisons)));
  if (!options.bundle.empty()) {
    KASURI_TRY(const auto files, profiling::write_bundle(options.bundle, comparisons));
    (void)files;
  }
  if (options.pdf.empty()) return Done{};
  return profiling::print_pdf(profiling::html_of(comparisons), options.pdf, context);
}

void finish_matrix(json& matrix, const ReportOptions& options) {
  ReportOptions named = options;
  named.anonymise = false;
  json reports = json::array();
  for (json& cell : matrix["cells"]) reports.push_back(std::move(cell["report"]));
  finish_comparisons(reports, named);
  for (size_t i = 0; i < reports.size(); ++i) matrix["cells"][i]["report"] = std::move(reports[i]);
  put_document(matrix, options);
  if (options.anonymise) profiling::anonymise(matrix);
}

Status write_matrix_reports(const json& matrix, const std::string& html,
                            const ReportOptions& options, const TaskContext& context) {
  if (!html.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(html, profiling::html_matrix(matrix)));
  if (!options.bundle.empty()) {
    KASURI_TRY(const auto files, profiling::write_matrix_bundle(options.bundle, matrix));
    (void)files;
  }
  if (options.pdf.empty()) return Done{};
  return profiling::print_pdf(profiling::html_matrix(matrix), options.pdf, context);
}

Status check_places(std::initializer_list<std::string> files) {
  namespace fs = std::filesystem;
  for (const std::string& file : files) {
    if (file.empty()) continue;
    std::error_code ignored;
    fs::path folder = fs::path(file).parent_path();
    if (folder.empty()) folder = ".";
    if (!fs::is_directory(folder, ignored))
      return Error(
          fmt::format("cannot write '{}': there is no folder '{}'", file, folder.string()));
    if (access(folder.c_str(), W_OK) != 0)
      return Error(
          fmt::format("cannot write '{}': no right to write into '{}'", file, folder.string()));
    if (fs::is_directory(file, ignored))
      return Error(fmt::format("cannot write '{}': it is a folder", file));
  }
  return Done{};
}

Status check_report_options(const ReportOptions& options) {
  KASURI_RETURN_IF_ERROR(check_places({options.pdf}));
  std::error_code ignored;
  if (!options.bundle.empty() && std::filesystem::is_regular_file(options.bundle, ignored))
    return Error("--bundle '" + options.bundle + "' is a file; name a folder");
  if (options.pdf.empty()) return Done{};
  KASURI_TRY(const std::string browser, profiling::find_printing_browser());
  (void)browser;
  return Done{};
}

}  // namespace kasuri::cli
