#include "profiling/sweep_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/mapped_file.h"
#include "profiling/comparison_summary.h"
#include "profiling/environment.h"
#include "profiling/side_worker.h"
#include "profiling/worker/describe_environment.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

json describe_side(const SideSpec& side) {
  json out = {{"name", side.name},         {"passes", side.passes},
              {"runtime", side.runtime},   {"model", side.model},
              {"backend", side.backend},   {"cpus", side.cpus},
              {"dims", side.dims},         {"launcher", side.launcher},
              {"settings", side.settings}, {"delay", side.inject_delay_percent}};
  if (side.streams > 1) out["streams"] = side.streams;
  return out;
}

json describe_inputs(const InputRequest& inputs) {
  json out = {{"seed", inputs.seed}, {"choices", json::array()}};
  for (const InputChoice& choice : inputs.choices)
    out["choices"].push_back(choice.name + "=" + choice.source);
  return out;
}

struct Aspect {
  const char* pointer;  ///< In a report of a cell.
  const char* words;
};
constexpr Aspect kAspects[] = {
    {"/sides/0/environment/build", "another build of kasuri"},
    {"/sides/0/environment/cpu", "another machine"},
    {"/model/hash", "another content of the model"},
};

json value_at(const json& report, const char* pointer) {
  const json::json_pointer place(pointer);
  return report.contains(place) ? report.at(place) : json();
}

/// Where the first side of the sweep runs.
Result<json> environment_now(const SideSpec& side, const TaskContext& context) {
  if (side.launcher.empty()) return describe_environment(read_environment());
  KASURI_TRY(const auto worker, SideWorker::start(side, {}, context));
  return worker->hello().value("environment", json::object());
}

/// A report as a cell measured now would begin, as far as the aspects go.
Result<json> report_now(const SweepRequest& request, const TaskContext& context) {
  const CompareRequest& compare = request.compare;
  KasuriSession session;
  std::map<std::string, int64_t> dims = compare.dims;
  for (const SweepAxis& axis : request.dims) dims[axis.name] = axis.values.front();
  KASURI_RETURN_IF_ERROR(session.open({compare.model, dims, compare.synthesize_weights}, context));
  json side = json::object();
  KASURI_TRY(side["environment"], environment_now(compare.sides.front(), context));
  return json{{"model", describe_model_shortly(session, compare.model)},
              {"sides", json::array({std::move(side)})}};
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : "not recorded";
}

Status check_cell(const std::string& path, const json& cell, const json& now) {
  for (const Aspect& aspect : kAspects) {
    const json then = value_at(cell["report"], aspect.pointer);
    const json here = value_at(now, aspect.pointer);
    if (then == here) continue;
    return Error(fmt::format(
        "{}: '{}' was measured with {} ({}; now {}); a matrix of both would mislead: name another "
        "file with --out or remove this one",
        path, sweep_cell_title(cell), aspect.words, text_of(then), text_of(here)));
  }
  return Done{};
}

bool is_measured(const json& cell) {
  if (!cell.is_object() || !cell.contains("at") || !cell["at"].is_object()) return false;
  for (const auto& [name, value] : cell["at"].items())
    if (!value.is_number_integer()) return false;
  return cell.contains("report") && is_finished_report(cell["report"]);
}

}  // namespace

bool is_finished_report(const json& report) {
  return report.is_object() && !report.contains("error") && report.value("partial", json()) != true;
}

json describe_sweep(const SweepRequest& request) {
  const CompareRequest& compare = request.compare;
  json out = {{"model", compare.model},
              {"sides", json::array()},
              {"asked",
               {{"inputs", describe_inputs(compare.inputs)},
                {"dims", compare.dims},
                {"synthesize_weights", compare.synthesize_weights}}}};
  for (const SideSpec& side : compare.sides) out["sides"].push_back(describe_side(side));
  return out;
}

Result<json> cells_to_continue(const SweepRequest& request, const TaskContext& context) {
  const std::string& path = request.file;
  std::error_code ignored;
  if (path.empty() || !std::filesystem::exists(path, ignored)) return json::array();
  KASURI_TRY(const auto file, MappedFile::open(path));
  const char* text = reinterpret_cast<const char*>(file->bytes().data());
  const json old = json::parse(text, text + file->bytes().size(), nullptr, false);
  bool ours = old.is_object() && old.contains("cells") && old["cells"].is_array();
  const json wanted = describe_sweep(request);
  for (const auto& [key, value] : wanted.items()) ours = ours && old.value(key, json()) == value;
  if (!ours)
    return Error(path + " holds something else than this sweep; name another file or remove it");
  json now;
  for (const json& cell : old["cells"]) {
    if (!is_measured(cell)) continue;
    if (now.is_null()) {
      KASURI_TRY(now, report_now(request, context));
    }
    KASURI_RETURN_IF_ERROR(check_cell(path, cell, now));
  }
  return old["cells"];
}

}  // namespace kasuri::profiling
