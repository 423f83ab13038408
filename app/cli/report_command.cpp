#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/invocation.h"
#include "engine/base/atomic_file.h"
#include "profiling/export/comparison_schema.h"
#include "profiling/export/html.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct ReportOptions {
  std::vector<std::string> files;
  std::string out;
  bool json = false;
};

Result<int> write_report(const ReportOptions& options) {
  json comparisons = json::array();
  for (const std::string& file : options.files) {
    KASURI_TRY(const json read, profiling::read_comparisons(file));
    comparisons.insert(comparisons.end(), read.begin(), read.end());
  }
  if (comparisons.empty()) return Error("no comparison in " + options.files.front());
  const bool one = comparisons.size() == 1 && !comparisons[0].contains("error");
  KASURI_RETURN_IF_ERROR(
      write_file_atomically(options.out, one ? profiling::html_report(comparisons[0])
                                             : profiling::html_overview(comparisons)));
  const std::string path = std::filesystem::absolute(options.out).string();
  if (options.json)
    fmt::print("{}\n", json{{"report", path}, {"comparisons", comparisons.size()}}.dump(1));
  else
    fmt::print("report: {}\n", path);
  return kDone;
}

}  // namespace

void add_report_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "report", "The report of comparisons made earlier or elsewhere; needs no model");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("files", options->files, "Files of compare --json; several: an overview")
      ->required();
  command->add_option("-o,--out", options->out, "The HTML file to write")->required();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->add_flag("--quiet", invocation.quiet, "No progress on stderr");
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext&) { return write_report(*options); };
  });
}

}  // namespace kasuri::cli
