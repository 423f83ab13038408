#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/cli/box_option.h"
#include "app/cli/progress_bar.h"
#include "app/cli/started_session.h"
#include "engine/base/atomic_file.h"
#include "profiling/box_run.h"
#include "profiling/export/chrome_trace.h"
#include "profiling/export/csv.h"
#include "profiling/export/units.h"
#include "profiling/foreign_profile.h"
#include "profiling/process_memory.h"
#include "profiling/profile_report.h"
#include "profiling/runtimes/stream_team.h"
#include "profiling/step_profile.h"
#include "profiling/throughput.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;

struct ProfileOptions {
  CommonOptionsPointer common;
  std::string trace, csv, overlay, box_memory;
  int runs = 50, streams = 1;
};

std::vector<const json*> slowest_first(const json& list) {
  std::vector<const json*> steps;
  for (const json& step : list) steps.push_back(&step);
  std::stable_sort(steps.begin(), steps.end(), [](const json* a, const json* b) {
    return (*a)["median_ms"].get<double>() > (*b)["median_ms"].get<double>();
  });
  return steps;
}

/// Rows of steps; bodies follow their owner, their steps' times summed over the iterations.
void print_steps(const json& list, const std::string& indent) {
  for (const json* step : slowest_first(list)) {
    const std::string calls =
        step->contains("calls") ? fmt::format(" x {:g}", (*step)["calls"].get<double>()) : "";
    fmt::print("{:>9} {:>5.1f}% {:>11} {:>11}  {:<14} {}{} ({}){}\n",
               profiling::number_text((*step)["median_ms"].get<double>()),
               (*step)["share"].get<double>() * 100,
               profiling::bytes_text((*step)["bytes_read"].get<int64_t>()),
               profiling::bytes_text((*step)["bytes_written"].get<int64_t>()),
               (*step)["backend"].get<std::string>(), indent, (*step)["name"].get<std::string>(),
               (*step)["op"].get<std::string>(), calls);
    if (const std::string misfit = step->value("misfit", ""); !misfit.empty())
      fmt::print("{:>57}{}run by the library: {}\n", "", indent, misfit);
    for (const json& body : step->value("bodies", json::array())) {
      fmt::print("{:>57}{}{}: {:g} iterations, frame {}\n", "", indent,
                 body["name"].get<std::string>(), body["iterations"].get<double>(),
                 profiling::bytes_text(body["frame_bytes"].get<int64_t>()));
      print_steps(body["steps"], indent + "  ");
    }
  }
}

void print_dynamic(const json& steps, const std::string& owner) {
  for (const json& step : steps) {
    const std::string name = owner + step["name"].get<std::string>(), why = step["dynamic"];
    if (!why.empty())
      fmt::print("dynamic: {} ({}): {}{}\n", name, step["op"].get<std::string>(), why,
                 step.contains("dynamic_bytes")
                     ? fmt::format("; {} alive",
                                   profiling::bytes_text(step["dynamic_bytes"].get<int64_t>()))
                     : "");
    for (const json& body : step.value("bodies", json::array()))
      print_dynamic(body["steps"], name + "/");
  }
}

void print_profile(const json& report) {
  fmt::print("{:>9} {:>6} {:>11} {:>11}  {:<14} {}\n", "median ms", "share", "read", "written",
             "backend", "step");
  print_steps(report["steps"], "");
  print_dynamic(report["steps"], "");
  const json& memory = report["memory"];
  fmt::print("whole run {} ms (un-instrumented); sum of steps {} ms; instrumentation {}\n",
             profiling::number_text(report["plain_ms"].get<double>()),
             profiling::number_text(report["steps_sum_ms"].get<double>()),
             profiling::percent_text(report["instrumentation_overhead"].get<double>()));
  if (const int64_t dynamic = memory["dynamic_peak_bytes"].get<int64_t>(); dynamic > 0)
    fmt::print("values of shapes known only at run time: {} at most (measured)\n",
               profiling::bytes_text(dynamic));
  fmt::print("arena {} (lower bound {}), weights {}, packed copies {}, process peak {}\n",
             profiling::bytes_text(memory["arena_bytes"].get<int64_t>()),
             profiling::bytes_text(memory["arena_lower_bound_bytes"].get<int64_t>()),
             profiling::bytes_text(memory["weights_bytes"].get<int64_t>()),
             profiling::bytes_text(memory["packed_weights_bytes"].get<int64_t>()),
             profiling::bytes_text(profiling::read_process_memory().peak_rss_bytes.value_or(0)));
}

/// Steps another program timed, too, ours beside theirs.
void print_overlay(const json& report) {
  const json overlay = report.value("overlay", json());
  if (!overlay.is_object()) return;
  fmt::print("{} ({}): {} of {} names are nodes of this model\n",
             overlay["file"].get<std::string>(), overlay["format"].get<std::string>(),
             overlay["matched"].get<size_t>(), overlay["names"].get<size_t>());
  for (const json* step : slowest_first(report["steps"]))
    if (step->contains("overlay_ms"))
      fmt::print("{:>9} ms here {:>9} ms there  {}\n",
                 profiling::number_text((*step)["median_ms"].get<double>()),
                 profiling::number_text((*step)["overlay_ms"].get<double>()),
                 (*step)["name"].get<std::string>());
}

void print_throughput(const json& report) {
  const json found = report.value("throughput", json());
  if (!found.is_object()) return;
  fmt::print(
      "throughput {} items/s ({} ... {} by rounds), {} streams, batch {}; times above are "
      "of one stream alone, the process peak is of all\n",
      profiling::number_text(found["items_per_s"].get<double>()),
      profiling::number_text(found["low"].get<double>()),
      profiling::number_text(found["high"].get<double>()), found["streams"].get<int>(),
      found["batch"].get<int64_t>());
  if (const std::string note = found["note"]; !note.empty()) fmt::print("note: {}\n", note);
}

Result<int> profile(const ProfileOptions& options, const TaskContext& context) {
  KASURI_TRY(StartedSession started, start_session(*options.common, context));
  KASURI_TRY(const auto measured, profiling::profile_steps(started.session, options.runs, context));
  json report = profiling::describe_profile_report(started.session, measured);
  if (!options.overlay.empty()) {
    KASURI_TRY(const json foreign, profiling::read_foreign_profile(options.overlay));
    profiling::overlay_profile(report, foreign);
  }
  report["prepare_ms"] = started.prepare_ms;
  if (options.streams > 1) {
    KASURI_TRY(report["throughput"],
               profiling::measure_throughput(started.session, options.streams,
                                             report["plain_ms"].get<double>(), context));
  }
  report["first_run_ms"] = started.first_run_ms;
  KASURI_TRY(const json box, box_of(options.box_memory, *options.common, started, context));
  if (!box.is_null()) report["box"] = box;
  end_progress();
  if (!options.trace.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(options.trace, profiling::chrome_trace(report)));
  if (!options.csv.empty())
    KASURI_RETURN_IF_ERROR(write_file_atomically(options.csv, profiling::steps_csv(report)));
  if (options.common->json)
    fmt::print("{}\n", report.dump(1));
  else
    print_profile(report);
  if (!options.common->json) print_throughput(report);
  if (!options.common->json) print_overlay(report);
  if (box.is_null()) return kDone;
  if (!options.common->json) fmt::print("{}\n", profiling::box_line(box));
  return box["fits"] == true ? kDone : kRequirementNotMet;
}

}  // namespace

void add_profile_command(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("profile", "Time, bytes and memory per step");
  auto options = std::make_shared<ProfileOptions>();
  options->common = add_common_options(*command, invocation);
  command->add_option("--trace", options->trace, "Write a Chrome / Perfetto trace");
  command->add_option("--csv", options->csv, "Write the steps as CSV");
  command->add_option("--overlay", options->overlay,
                      "A profile of ONNX Runtime or a Chrome trace to lay over the steps");
  command->add_option("--samples", options->runs, "Instrumented runs")
      ->check(CLI::Range(1, 100000));
  command
      ->add_option("--streams", options->streams,
                   "Also the throughput of so many runs at the same time")
      ->check(CLI::Range(1, profiling::kMostStreams));
  add_box_option(*command, options->box_memory);
  command->callback([&invocation, options] {
    invocation.action = [options](const TaskContext& context) {
      return profile(*options, context);
    };
  });
}

}  // namespace kasuri::cli
