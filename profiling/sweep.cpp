#include "profiling/sweep.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "profiling/sweep_file.h"
#include "profiling/worker/frame.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// The threads are the last axis.
std::vector<SweepAxis> axes_of(const SweepRequest& request) {
  std::vector<SweepAxis> axes = request.dims;
  axes.push_back({"threads", {request.threads.begin(), request.threads.end()}});
  return axes;
}

/// Every combination, the last axis fastest.
std::vector<json> places_of(const std::vector<SweepAxis>& axes) {
  std::vector<json> places{json::object()};
  for (const SweepAxis& axis : axes) {
    std::vector<json> longer;
    for (const json& place : places)
      for (int64_t value : axis.values) {
        longer.push_back(place);
        longer.back()[axis.name] = value;
      }
    places = std::move(longer);
  }
  return places;
}

json empty_matrix(const SweepRequest& request) {
  json matrix = describe_sweep(request);
  matrix["axes"] = matrix["cells"] = json::array();
  matrix["command"] = request.compare.command;
  for (const SweepAxis& axis : axes_of(request))
    matrix["axes"].push_back({{"name", axis.name}, {"values", axis.values}});
  return matrix;
}

const json* find_cell(const json& cells, const json& place) {
  for (const json& cell : cells)
    if (cell.is_object() && cell.contains("at") && cell.contains("report") && cell["at"] == place &&
        is_finished_report(cell["report"]))
      return &cell;
  return nullptr;
}

/// What is written: the cells of this sweep, then those found that it does not ask for.
json with_others(json matrix, const json& old) {
  const json asked = matrix["cells"];
  for (const json& cell : old)
    if (cell.is_object() && cell.contains("at") && find_cell(asked, cell["at"]) == nullptr)
      matrix["cells"].push_back(cell);
  return matrix;
}

/// A file is never partial: the next sweep goes on with it.
Status keep(const std::string& file, const json& matrix, const json& old) {
  json kept = with_others(matrix, old);
  kept.erase("partial");
  return write_file_atomically(file, kept.dump(1));
}

CompareRequest request_at(const SweepRequest& request, const json& place) {
  CompareRequest one = request.compare;
  for (const SweepAxis& axis : request.dims) one.dims[axis.name] = place[axis.name].get<int64_t>();
  for (SideSpec& side : one.sides) side.threads = place["threads"].get<int>();
  return one;
}

}  // namespace

std::string sweep_cell_title(const json& cell) {
  std::string title;
  for (const auto& [name, value] : cell["at"].items())
    title += fmt::format("{}{} {}", title.empty() ? "" : ", ", name, value.get<int64_t>());
  return title;
}

Result<json> sweep_model(const SweepRequest& request,
                         const std::function<void(const json& cell)>& on_cell,
                         const TaskContext& context) {
  json matrix = empty_matrix(request);
  KASURI_TRY(const json old, cells_to_continue(request, context));
  for (const json& place : places_of(axes_of(request))) {
    if (const json* done = find_cell(old, place)) {
      matrix["cells"].push_back(*done);
      on_cell(*done);
      continue;
    }
    if (matrix.contains("partial")) continue;
    const auto report = compare_model(request_at(request, place), context);
    if (!report.ok() && report.error().kind() == ErrorKind::kCancelled) {
      matrix["partial"] = true;
      continue;
    }
    json cell = {{"at", place}};
    cell["report"] = report.ok() ? *report
                                 : json{{"model", {{"path", request.compare.model}}},
                                        {"exit", exit_code_of(report.error())},
                                        {"error", report.error().text()}};
    if (report.ok() && report->value("partial", json()) == true) matrix["partial"] = true;
    matrix["cells"].push_back(cell);
    if (!request.file.empty()) KASURI_RETURN_IF_ERROR(keep(request.file, matrix, old));
    on_cell(cell);
  }
  if (matrix["cells"].empty()) return Error::cancelled();
  return matrix;
}

}  // namespace kasuri::profiling
