#include "app/cli/common_options.h"

#include <fmt/format.h>

#include <charconv>

#include "app/cli/recipe_file.h"
#include "profiling/worker/describe_rewrite.h"

namespace kasuri::cli {
namespace {

Result<int64_t> integer(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    return Error(fmt::format("'{}' is not a whole number", text));
  return value;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (start <= text.size()) {
    const size_t end = std::min(text.find(separator, start), text.size());
    if (end > start) parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

}  // namespace

void add_model_options(CLI::App& command, CommonOptions& options, Invocation& invocation) {
  command
      .add_option("--dim", options.dims, "Extent of a dynamic dimension: NAME=N or INPUT:AXIS=N")
      ->allow_extra_args(false);
  command.add_flag("--synthesize-weights", options.synthesize_weights,
                   "Make up weights whose file is absent");
  command.add_flag("--quiet", invocation.quiet, "No progress on stderr");
  command.add_flag("--json", options.json, "Print one JSON object");
  command
      .add_option_function<std::string>(
          "--progress",
          [&invocation](const std::string& kind) { invocation.json_progress = kind == "json"; },
          "json: one line of JSON per progress event on stderr")
      ->check(CLI::IsMember({"bar", "json"}));
}

CommonOptionsPointer add_common_options(CLI::App& command, Invocation& invocation) {
  auto options = std::make_shared<CommonOptions>();
  command.add_option("model", options->model, "ONNX model or plan file")->required();
  command
      .add_option("--passes", options->passes,
                  "none, default, all, a list such as default,-fuse, or a recipe file; in a "
                  "comparison the same as --after")
      ->transform(recipe_or_file());
  command.add_option("--backend", options->backend, "cpu or reference");
  command.add_option("--threads", options->threads, "Threads")->check(CLI::Range(1, 1024));
  command.add_option("--cpus", options->cpus, "CPU numbers to run on: 0,1 or 0-3");
  command
      .add_option("--input", options->inputs,
                  "NAME=FILE.npy|.npz|.pb|DIR|seed:7|range:LO:HI|mod:K|const:V|arange")
      ->allow_extra_args(false);
  command.add_option("--seed", options->seed, "Seed of made-up inputs");
  command.add_option("--memory-limit", options->memory_limit,
                     "Bytes a run may take, e.g. 512MiB or 2G; otherwise what the machine has");
  command.add_flag("--only-exact", options->only_exact,
                   "Leave out every pass and rule that may change a bit of the outputs");
  command.parse_complete_callback([options] { keep_exact(*options, options->passes); });
  add_model_options(command, *options, invocation);
  return options;
}

void keep_exact(const CommonOptions& options, std::string& recipe) {
  if (!options.only_exact) return;
  if (const auto exact = profiling::exact_part_of(recipe); exact.ok()) recipe = *exact;
}

void without(CLI::App& command, std::initializer_list<const char*> options) {
  for (const char* option : options) command.remove_option(command.get_option(option));
}

Result<std::map<std::string, int64_t>> dims_of(const std::vector<std::string>& texts) {
  std::map<std::string, int64_t> dims;
  for (const std::string& text : texts) {
    const size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0)
      return Error(fmt::format("--dim '{}': write NAME=N or INPUT:AXIS=N", text));
    KASURI_TRY_IN(const int64_t value, integer(text.substr(equals + 1)), "--dim '" + text + "'");
    if (value < 0) return Error(fmt::format("--dim '{}': an extent cannot be negative", text));
    dims[text.substr(0, equals)] = value;
  }
  return dims;
}

Result<std::vector<int>> cpus_of(const std::string& text) {
  std::vector<int> cpus;
  for (const std::string& part : split(text, ',')) {
    const size_t dash = part.find('-');
    KASURI_TRY_IN(const int64_t first, integer(part.substr(0, dash)), "--cpus '" + text + "'");
    int64_t last = first;
    if (dash != std::string::npos) {
      KASURI_TRY_IN(last, integer(part.substr(dash + 1)), "--cpus '" + text + "'");
    }
    if (first < 0 || last < first || last > 4095)
      return Error("--cpus '" + text + "': no such CPUs");
    for (int64_t cpu = first; cpu <= last; ++cpu) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

Result<int64_t> bytes_of_text(const std::string& text) {
  if (text.empty()) return int64_t{0};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  constexpr double kKibi = 1024, kMebi = kKibi * kKibi, kGibi = kMebi * kKibi,
                   kTebi = kGibi * kKibi;
  static const std::map<std::string, double> kUnits = {
      {"", 1},      {"B", 1},       {"K", kKibi},   {"M", kMebi},  {"G", kGibi},
      {"T", kTebi}, {"kB", 1e3},    {"MB", 1e6},    {"GB", 1e9},   {"TB", 1e12},
      {"k", kKibi}, {"m", kMebi},   {"g", kGibi},   {"t", kTebi},  {"KiB", kKibi},
      {"KB", 1e3},  {"TiB", kTebi}, {"MiB", kMebi}, {"GiB", kGibi}};
  const auto found = kUnits.find(unit);
  // A number that is none fails the first comparison.
  const bool sound = value >= 0 && found != kUnits.end() && value * found->second < 9e18;
  if (error != std::errc() || !sound)
    return Error(fmt::format("'{}' is not a size; write e.g. 512MiB or 2G", text));
  return static_cast<int64_t>(value * found->second);
}

Result<profiling::ModelRequest> model_request(const CommonOptions& options) {
  profiling::ModelRequest request;
  request.path = options.model;
  request.synthesize_weights = options.synthesize_weights;
  KASURI_TRY(request.dims, dims_of(options.dims));
  return request;
}

Result<profiling::PlanRequest> plan_request(const CommonOptions& options) {
  profiling::PlanRequest request;
  if (options.backend != "cpu" && options.backend != "reference")
    return Error::unavailable(fmt::format(
        "backend '{}' cannot run here; 'kasuri devices' lists what can", options.backend));
  request.backend = options.backend;
  request.threads = options.threads;
  KASURI_TRY(request.cpus, cpus_of(options.cpus));
  KASURI_TRY(request.memory_limit, bytes_of_text(options.memory_limit));
  return request;
}

Result<profiling::InputRequest> input_request(const CommonOptions& options) {
  profiling::InputRequest request;
  request.seed = options.seed;
  for (const std::string& text : options.inputs) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      return Error(fmt::format("--input '{}': write NAME=SOURCE", text));
    request.choices.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return request;
}

}  // namespace kasuri::cli
