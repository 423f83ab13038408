#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "app/cli/command_line.h"
#include "app/cli/compare_options.h"
#include "app/cli/compare_table.h"
#include "app/cli/progress_bar.h"
#include "app/cli/report_options.h"
#include "profiling/sweep.h"
#include "profiling/worker/frame.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct SweepOptions {
  CompareOptions compare;
  std::vector<int> threads{1};
  std::string out;
};

/// "batch=1,8" -> an axis of two values.
Result<profiling::SweepAxis> axis_of(const std::string& text) {
  const size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0)
    return Error(fmt::format("--dim '{}': write NAME=N,N,...", text));
  profiling::SweepAxis axis{text.substr(0, equals), {}};
  for (size_t at = equals + 1; at <= text.size();) {
    const size_t end = std::min(text.find(',', at), text.size());
    int64_t value = 0;
    const auto [rest, error] = std::from_chars(text.data() + at, text.data() + end, value);
    if (error != std::errc() || rest != text.data() + end || value < 1)
      return Error(fmt::format("--dim '{}': '{}' is not a size", text, text.substr(at, end - at)));
    axis.values.push_back(value);
    at = end + 1;
  }
  return axis;
}

Result<profiling::SweepRequest> sweep_request(const SweepOptions& options) {
  profiling::SweepRequest request;
  CompareOptions one = options.compare;
  one.common = std::make_shared<CommonOptions>(*options.compare.common);
  for (const std::string& text : one.common->dims) {
    KASURI_TRY(profiling::SweepAxis axis, axis_of(text));
    request.dims.push_back(std::move(axis));
  }
  one.common->dims.clear();
  KASURI_TRY(request.compare, compare_request(one));
  request.threads = options.threads;
  request.file = options.out;
  return request;
}

void print_cell(const json& cell) {
  fmt::print("{}\n", profiling::sweep_cell_title(cell));
  print_comparison_row(cell["report"]);
}

Result<int> sweep(const SweepOptions& options, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(check_report_options(options.compare.page));
  KASURI_RETURN_IF_ERROR(check_places({options.compare.report, options.out}));
  KASURI_TRY(const profiling::SweepRequest request, sweep_request(options));
  const bool as_json = options.compare.common->json;
  KASURI_TRY(json matrix, profiling::sweep_model(
                              request,
                              [as_json](const json& cell) {
                                end_progress();
                                if (!as_json) print_cell(cell);
                              },
                              context));
  finish_matrix(matrix, options.compare.page);
  KASURI_RETURN_IF_ERROR(
      write_matrix_reports(matrix, options.compare.report, options.compare.page, context));
  if (as_json) fmt::print("{}\n", matrix.dump(1));
  const bool partial = matrix.value("partial", false);
  if (partial && !as_json) fmt::print("partial: cancelled before all cells were measured\n");
  int worst = partial ? kCancelled : kDone;
  for (const json& cell : matrix["cells"])
    worst = std::max(worst, cell["report"]["exit"].get<int>());
  return worst;
}

}  // namespace

void add_sweep_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand(
      "sweep", "Compare over every combination of sizes and threads: one matrix, resumable");
  auto options = std::make_shared<SweepOptions>();
  options->compare.common = add_common_options(*command, invocation);
  command->remove_option(command->get_option("--threads"));
  command->add_option("--threads", options->threads, "Thread counts: 1,2")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024));
  command->get_option("--dim")->description("NAME=N,N,...: one axis of the matrix");
  command->add_option("--out", options->out,
                      "JSON file that keeps every finished cell; an existing one is continued");
  add_compare_options(*command, options->compare);
  command->callback([&invocation, options] {
    options->compare.command = reproducing_command();
    invocation.action = [options](const TaskContext& context) { return sweep(*options, context); };
  });
}

}  // namespace kasuri::cli
