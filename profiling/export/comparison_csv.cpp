#include "profiling/export/comparison_csv.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <vector>

#include "profiling/export/csv.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr const char* kByteOrderMark = "\xEF\xBB\xBF";

/// The value at a pointer, empty if there is none.
std::string at(const json& object, const char* pointer) {
  const json::json_pointer place(pointer);
  if (!object.contains(place)) return "";
  const json& value = object.at(place);
  if (value.is_string()) return csv_cell(value.get<std::string>());
  return value.is_null() || value.is_structured() ? "" : value.dump();
}

std::string line(const std::vector<std::string>& cells) {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + cells[i];
  return out + "\r\n";
}

std::vector<std::string> row_of(const json& object, std::initializer_list<const char*> pointers) {
  std::vector<std::string> cells;
  for (const char* pointer : pointers) cells.push_back(at(object, pointer));
  return cells;
}

void append(std::vector<std::string>& cells, const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
}

std::vector<std::string> side_cells(const json& report, size_t i) {
  std::vector<std::string> cells = {at(report, "/model/path"), at(report, "/at")};
  append(cells, row_of(report["sides"][i], {"/name",
                                            "/recipe",
                                            "/runtime/name",
                                            "/runtime/version",
                                            "/runtime/settings/threads",
                                            "/latency_ms/median",
                                            "/latency_ms/p90",
                                            "/latency_ms/p99",
                                            "/latency_ms/count",
                                            "/throughput/items_per_s",
                                            "/throughput/streams",
                                            "/first_run_ms",
                                            "/prepare_ms",
                                            "/kernels",
                                            "/memory/peak_rss_bytes",
                                            "/memory/weights_bytes",
                                            "/memory/packed_weights_bytes",
                                            "/memory/arena_bytes",
                                            "/memory/arena_lower_bound_bytes",
                                            "/memory/workspace_bytes"}));
  const json delta = i == 0 ? json::object() : report["deltas"][i - 1];
  append(cells, row_of(delta, {"/against", "/latency/ratio", "/latency/low", "/latency/high",
                               "/latency/verdict"}));
  cells.push_back(at(report["fidelity"][i], "/verdict"));
  cells.emplace_back();
  return cells;
}

}  // namespace

std::string sides_csv(const json& comparisons) {
  std::string out =
      std::string(kByteOrderMark) +
      "model,at,side,recipe,runtime,version,threads,median_ms,p90_ms,p99_ms,runs,"
      "items_per_s,streams,first_run_ms,prepare_ms,kernels,peak_rss_bytes,weights_bytes,"
      "packed_weights_bytes,arena_bytes,arena_lower_bound_bytes,workspace_bytes,"
      "against,ratio,low,high,verdict,outputs,error\r\n";
  constexpr size_t kColumns = 29;
  for (const json& report : comparisons) {
    if (report.contains("error")) {
      std::vector<std::string> cells(kColumns);
      cells.front() = at(report, "/model/path");
      cells[1] = at(report, "/at");
      cells.back() = at(report, "/error");
      out += line(cells);
      continue;
    }
    for (size_t i = 0; i < report["sides"].size(); ++i) out += line(side_cells(report, i));
  }
  return out;
}

std::string outputs_csv(const json& comparisons) {
  std::string out =
      std::string(kByteOrderMark) +
      "model,at,side,output,verdict,max_abs,max_rel,cosine,sqnr_db,argmax_agreement\r\n";
  for (const json& report : comparisons)
    for (const json& side : report.value("fidelity", json::array()))
      for (const json& output : side["outputs"]) {
        std::vector<std::string> cells = {at(report, "/model/path"), at(report, "/at"),
                                          at(side, "/side")};
        append(cells, row_of(output, {"/name", "/verdict", "/max_abs", "/max_rel", "/cosine",
                                      "/sqnr_db", "/argmax_agreement"}));
        out += line(cells);
      }
  return out;
}

std::string passes_csv(const json& comparisons) {
  std::string out = std::string(kByteOrderMark) +
                    "model,at,pass,fidelity,enabled,applied,declined,cumulative_ms,alone_ms,"
                    "left_out_ms\r\n";
  for (const json& report : comparisons)
    for (const json& pass : report.value("passes", json::array())) {
      std::vector<std::string> cells = {at(report, "/model/path"), at(report, "/at")};
      append(cells,
             row_of(pass, {"/name", "/fidelity", "/enabled", "/applied", "/declined_count",
                           "/effects/cumulative/ms", "/effects/alone/ms", "/effects/left_out/ms"}));
      out += line(cells);
    }
  return out;
}

}  // namespace kasuri::profiling
