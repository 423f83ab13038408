#pragma once

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/base/cancel_token.h"
#include "engine/base/result.h"
#include "profiling/advise.h"

namespace kasuri::cli {

/// What goes onto a report besides numbers, and where the report goes.
struct ReportOptions {
  std::string client, project, author, version, prepared, checked, approved, remarks;
  std::string language;
  std::string bundle;  ///< Folder; empty: none.
  std::string pdf;     ///< File; empty: none.
  bool anonymise = false;
  profiling::WorkLoad load;
};

void add_report_options(CLI::App& command, ReportOptions& options);
/// --queries-per-day, --machines, --cost-per-hour, --effort-hours, --cost-per-effort-hour.
void add_load_options(CLI::App& command, profiling::WorkLoad& load);
bool is_given(const profiling::WorkLoad& load);

/// Puts the fields, the load and the conclusion into every comparison of a list (those that failed
/// stay) and makes them anonymous if asked. What is not given stays as it is in the comparison.
void finish_comparisons(nlohmann::json& comparisons, const ReportOptions& options);
/// Writes the HTML file, the bundle and the PDF, as far as asked for.
Status write_reports(const nlohmann::json& comparisons, const std::string& html,
                     const ReportOptions& options, const TaskContext& context);
/// Both for the matrix of a sweep.
void finish_matrix(nlohmann::json& matrix, const ReportOptions& options);
Status write_matrix_reports(const nlohmann::json& matrix, const std::string& html,
                            const ReportOptions& options, const TaskContext& context);
/// Whether these files can be written; an empty name is none. Asked before anything is measured,
/// so that no long run is lost for a mistyped folder.
Status check_places(std::initializer_list<std::string> files);
/// Whether what is asked for can be written here: known before anything is measured.
Status check_report_options(const ReportOptions& options);

}  // namespace kasuri::cli
