#include "app/cli/compare_options.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "app/cli/recipe_file.h"
#include "profiling/runtimes/other_runtimes.h"
#include "profiling/runtimes/stream_team.h"

namespace kasuri::cli {
namespace {

/// Two or more sides of which one is ours stand alone; other runtimes join before and after.
bool is_whole_comparison(const std::vector<profiling::SideSpec>& given) {
  return given.size() >= 2 && std::any_of(given.begin(), given.end(), [](const auto& side) {
           return side.runtime == "kasuri";
         });
}

/// What runs today and the exported file, in every runtime of --beside.
void add_sides_beside(const CompareOptions& options, const profiling::SideSpec& defaults,
                      std::vector<profiling::SideSpec>& sides) {
  for (const std::string& runtime : options.beside)
    for (const char* model : {"", "exported"}) {
      profiling::SideSpec side = defaults;
      side.runtime = runtime;
      side.launcher.clear();
      side.model = model;
      side.name = runtime + (*model != '\0' ? "-file" : "");
      sides.push_back(std::move(side));
    }
}

/// Each side once per number of threads: "after@2".
std::vector<profiling::SideSpec> at_threads(const std::vector<profiling::SideSpec>& sides,
                                            const std::vector<int>& threads) {
  if (threads.size() < 2) return sides;
  std::vector<profiling::SideSpec> out;
  for (int count : threads)
    for (profiling::SideSpec side : sides) {
      side.threads = count;
      side.name += "@" + std::to_string(count);
      out.push_back(std::move(side));
    }
  return out;
}

/// The second side's recipe: --passes is another word for --after.
Result<std::string> after_recipe(const CompareOptions& options) {
  constexpr const char* kDefault = "default";
  const std::string& passes = options.common->passes;
  if (passes == kDefault || passes == options.after) return options.after;
  if (options.after != kDefault)
    return Error("--passes and --after both name the recipe of the second side; give one of them");
  return passes;
}

Result<std::vector<profiling::SideSpec>> sides_of(const CompareOptions& options) {
  profiling::SideSpec defaults;
  KASURI_TRY(const auto plan, plan_request(*options.common));
  defaults.backend = plan.backend;
  defaults.threads = plan.threads;
  defaults.streams = options.streams;
  defaults.cpus = plan.cpus;
  defaults.memory_limit = plan.memory_limit;
  defaults.launcher = options.common->launcher;
  std::vector<profiling::SideSpec> given, sides;
  for (const std::string& runtime : options.beside)
    if (profiling::find_runtime(runtime) == nullptr)
      return Error("--beside " + runtime + ": no such runtime; 'kasuri devices' lists them");
  for (const std::string& text : options.sides) {
    KASURI_TRY(profiling::SideSpec side, profiling::parse_side(text, defaults));
    given.push_back(std::move(side));
  }
  KASURI_TRY(const std::string after, after_recipe(options));
  if (is_whole_comparison(given) && after != options.after)
    return Error("--passes has no side here; write NAME:passes=" + after + " in a --side");
  if (!is_whole_comparison(given)) {
    const bool saved = !options.baseline.empty();
    for (const auto& [name, passes] :
         {std::pair{saved ? "baseline" : "before", options.before}, {"after", after}}) {
      sides.push_back(defaults);
      sides.back().name = name;
      sides.back().passes = passes;
    }
    if (saved) sides.front().model = options.baseline;
  }
  sides.insert(sides.end(), given.begin(), given.end());
  defaults.passes = after;
  add_sides_beside(options, defaults, sides);
  sides = at_threads(sides, options.threads);
  for (size_t i = 0; i < sides.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (sides[i].name == sides[j].name)
        return Error("two sides are called '" + sides[i].name + "'");
  return sides;
}

/// "90", "45s", "30m", "8h"; empty is none.
Result<double> seconds_of(const std::string& option, const std::string& text) {
  if (text.empty()) return 0.0;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  static const std::map<std::string, double> kUnits = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}};
  const auto found = kUnits.find(unit);
  if (error != std::errc() || found == kUnits.end() || !(value > 0) || value > 1e7)
    return Error(option + " '" + text + "': write e.g. 45s, 30m or 8h");
  return value * found->second;
}

/// --box-memory is a requirement, too; a requirement on the box is a box.
Status put_box(const std::string& size, profiling::CompareRequest& request) {
  if (!size.empty()) {
    KASURI_TRY_IN(const int64_t bytes, bytes_of_text(size), "--box-memory");
    request.requirements.push_back({"box<=" + size, "box", static_cast<double>(bytes)});
  }
  for (const profiling::Requirement& requirement : request.requirements) {
    if (requirement.figure != "box") continue;
    const auto bytes = static_cast<int64_t>(requirement.limit);
    if (bytes <= 0) return Error("'" + requirement.text + "': nothing runs in no memory");
    if (request.box_bytes > 0 && request.box_bytes != bytes)
      return Error("two boxes of different sizes; one comparison tries one");
    request.box_bytes = bytes;
  }
  return Done{};
}

}  // namespace

Result<profiling::CompareRequest> compare_request(const CompareOptions& options) {
  profiling::CompareRequest request;
  request.model = options.common->model;
  request.synthesize_weights = options.common->synthesize_weights;
  KASURI_TRY(request.dims, dims_of(options.common->dims));
  KASURI_TRY(request.inputs, input_request(*options.common));
  KASURI_TRY(request.sides, sides_of(options));
  for (profiling::SideSpec& side : request.sides) keep_exact(*options.common, side.passes);
  request.blocks.blocks = options.blocks;
  request.blocks.samples = options.samples;
  request.blocks.min_seconds = options.min_time;
  request.time_identical = options.time_identical;
  request.check_fidelity = !options.no_fidelity;
  request.measure_memory = !options.no_memory;
  request.each_pass = options.each_pass;
  request.cold_start = options.cold_start;
  KASURI_TRY(request.blocks.duration_seconds, seconds_of("--duration", options.duration));
  KASURI_TRY(request.search_seconds, seconds_of(options.search_option, options.search));
  request.bisect = options.bisect;
  request.fail_if_slower_percent = options.fail_if_slower;
  request.command = options.command;
  for (const std::string& text : options.requirements) {
    KASURI_TRY(profiling::Requirement requirement, profiling::parse_requirement(text));
    request.requirements.push_back(std::move(requirement));
  }
  KASURI_RETURN_IF_ERROR(put_box(options.box_memory, request));
  return request;
}

void add_compare_options(CLI::App& command, CompareOptions& options) {
  command.parse_complete_callback([] {});  // every side has a recipe of its own
  command.add_option("--before", options.before, "Recipe of the first side (none)")
      ->transform(recipe_or_file());
  command.add_option("--after", options.after, "Recipe of the second side (default)")
      ->transform(recipe_or_file());
  command
      .add_option("--baseline", options.baseline,
                  "A saved plan or model as the first side instead of --before: it is run again, "
                  "interleaved with the new one")
      ->excludes("--before");
  command
      .add_option(
          "--side", options.sides,
          "NAME:key=value,... one more column; two or more with a Kasuri side among them replace "
          "before and after")
      ->allow_extra_args(false);
  command.add_option("--report", options.report, "Write one self-contained HTML file");
  add_report_options(command, options.page);
  command.add_option("--samples", options.samples, "At least so many runs per side")
      ->check(CLI::Range(1, 100'000'000));
  command
      .add_option("--blocks", options.blocks,
                  "Blocks per side, at least 9 (21 to 61 by the length of a run)")
      ->check(CLI::Range(9, 10000));
  command.add_option("--duration", options.duration,
                     "A soak: go on for so long (90, 45s, 30m, 8h) and report drift, clocks and "
                     "temperature");
  command
      .add_option("--beside", options.beside,
                  "Runtimes beside ours, e.g. ort,openvino: each with the original and with the "
                  "exported file; the report says what travels with it")
      ->delimiter(',');
  command.add_option("--search", options.search,
                     "Look for a better recipe for so long (60, 5m): screened, then confirmed "
                     "interleaved");
  command.add_option("--save-recipe", options.save_recipe,
                     "Write the best recipe found as a file that --passes reads");
  command.add_flag("--bisect", options.bisect,
                   "Like --each-pass, and name the sites of a pass that slows the model down");
  command.add_flag(
      "--cold-start", options.cold_start,
      "Also time fresh processes to their first results, from the file and from a plan");
  command.add_option(
      "--launcher", options.common->launcher,
      "Run Kasuri sides elsewhere: \"ssh box\", \"srun -n1\", \"kubectl exec -i pod "
      "--\"; 'kasuri worker' follows, or stands where {worker} does; KASURI_REMOTE is the "
      "path of kasuri there");
  command.add_option("--box-memory", options.box_memory,
                     "Also run every side in a fresh process with so much memory (512MiB): fits, "
                     "or the step and bytes where it fails; a requirement on the second side");
  command.add_option("--min-time", options.min_time, "At least so many measured seconds per side")
      ->check(CLI::Range(0.0, 1e6));
  command
      .add_option("--streams", options.streams,
                  "Measure the throughput of so many runs at the same time, each with --threads "
                  "threads; the latency stays that of one alone")
      ->check(CLI::Range(1, profiling::kMostStreams));
  command
      .add_option("--require", options.requirements,
                  "p90<=100ms, rss<=512MiB, throughput>=30, 'deadline 33ms misses<=0.1%', "
                  "max_abs<=1e-4, cosine>=0.999, ... of the second side; exit code 4")
      ->allow_extra_args(false);
  command.add_option("--fail-if-slower", options.fail_if_slower,
                     "Percent; exit code 4 if slower by more");
  command.add_flag("--time-identical", options.time_identical,
                   "Time sides whose plans are equal (self-test)");
  command.add_flag("--no-fidelity", options.no_fidelity, "Do not check outputs");
  command.add_flag("--no-memory", options.no_memory, "No fresh processes for peak memory");
  command.add_flag("--each-pass", options.each_pass,
                   "Also measure every pass: with those before it, alone, and left out");
}

}  // namespace kasuri::cli
