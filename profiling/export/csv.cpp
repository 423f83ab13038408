#include "profiling/export/csv.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string number(const json& value) { return value.is_number() ? value.dump() : ""; }

/// Rows of the steps and, below each, of its bodies' steps: "loop/body/step".
void add_rows(std::string& out, const json& steps, const std::string& owner) {
  for (const json& step : steps) {
    std::string nodes;
    for (const json& node : step["nodes"])
      nodes += (nodes.empty() ? "" : " ") + node.get<std::string>();
    const std::string name = owner + step["name"].get<std::string>();
    out +=
        fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\r\n", csv_cell(name), csv_cell(step["op"]),
                    csv_cell(step["kind"]), csv_cell(step["backend"]), number(step["median_ms"]),
                    number(step["p90_ms"]), number(step["share"]), number(step["bytes_read"]),
                    number(step["bytes_written"]), number(step["flops"]), csv_cell(nodes),
                    step.contains("calls") ? number(step["calls"]) : "1");
    for (const json& body : step.value("bodies", json::array()))
      add_rows(out, body["steps"], name + "/" + body["name"].get<std::string>() + "/");
  }
}

}  // namespace

std::string csv_cell(const std::string& text) {
  std::string safe = text;
  if (!safe.empty() && std::string_view("=+-@").find(safe[0]) != std::string_view::npos)
    safe.insert(0, "'");
  if (safe.find_first_of(",\"\n\r") == std::string::npos) return safe;
  std::string out = "\"";
  for (char c : safe) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string steps_csv(const json& profile) {
  std::string out =
      "\xEF\xBB\xBFstep,operator,kind,backend,median_ms,p90_ms,share,bytes_read,bytes_written,"
      "flops,nodes,calls\r\n";
  add_rows(out, profile["steps"], "");
  return out;
}

}  // namespace kasuri::profiling
