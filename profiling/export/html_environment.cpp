#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string row(const std::string& key, const std::string& value) {
  return fmt::format("<tr><td class=\"key\">{}</td><td style=\"font-weight:400\">{}</td></tr>\n",
                     key, value);
}

std::string machine_rows(const json& machine, const Words& w) {
  const std::string governor =
      machine["governor"].is_string() ? text_or_dash(machine["governor"]) : w("not readable");
  std::string rows =
      row(w("Processor"), w.say("{0}, {1} usable cores", text_or_dash(machine["cpu"]),
                                count_or_dash(machine["cores"])));
  rows += row(w("Instructions"), text_or_dash(machine["isa"]));
  rows += row(w("Governor, load"),
              w.say("{0}; {1} before measuring", governor, number_or_dash(machine["load"])));
  rows += row(w("Memory"), w.say("{0}, {1} free", size_or_dash(machine["memory_bytes"]),
                                 size_or_dash(machine["available_bytes"])));
  rows += row(w("System"),
              fmt::format("{}; Kasuri {}, {}", text_or_dash(machine["os"]),
                          text_or_dash(machine["version"]), text_or_dash(machine["compiler"])));
  return rows;
}

/// " float32[1,3,224,224],"
std::string type_of(const json& input) {
  if (!input.contains("shape")) return "";
  std::string extents;
  for (const json& extent : input["shape"])
    extents += (extents.empty() ? "" : ",") + html_escape(extent.dump());
  return fmt::format(" {}[{}],", text_or_dash(input.value("dtype", json())), extents);
}

std::string warm_up_rows(const json& report, const Words& w) {
  std::string sides;
  for (const json& side : report["sides"]) {
    const json warm = side.value("warm_up", json());
    const json count = warm.is_object() ? warm.value("runs", json()) : json();
    if (!count.is_number()) continue;
    const std::string name = text_or_dash(side["name"]), runs = count_or_dash(count);
    sides +=
        (sides.empty() ? "" : "; ") + (warm.value("steady", json()) == true
                                           ? w.say("{0}: steady after {1} runs", name, runs)
                                           : w.say("{0}: not steady after {1} runs", name, runs));
  }
  return sides.empty() ? "" : row(w("Warm-up"), sides);
}

std::string run_rows(const json& report, const Words& w) {
  const json& side = report["sides"][0];
  std::string inputs, dims, rows;
  for (const json& input : report["inputs"])
    inputs += (inputs.empty() ? "" : "; ") + text_or_dash(input["name"]) + type_of(input) + " " +
              reason_or_dash(input["source"], w);
  for (const json& dim : report["model"]["dims"])
    dims += (dims.empty() ? "" : ", ") + text_or_dash(dim["name"]) + " = " +
            count_or_dash(dim["value"]);
  rows += row(w("Inputs"), inputs.empty() ? w("none") : inputs);
  if (!dims.empty()) rows += row(w("Dynamic dimensions"), dims);
  rows += warm_up_rows(report, w);
  const size_t blocks = side.contains("block_medians_ms") ? side["block_medians_ms"].size() : 0;
  if (side["latency_ms"].is_object())
    rows +=
        row(w("Runs"),
            w.say("{0} blocks, {1} runs of the first side, {2} flagged as outliers, none deleted",
                  blocks, count_or_dash(side["latency_ms"]["count"]),
                  count_or_dash(side["latency_ms"]["outliers"])));
  return rows;
}

std::string energy_rows(const json& report, const Words& w) {
  std::string rows, why;
  for (const json& side : report["sides"]) {
    const json energy = side.value("energy", json());
    if (!energy.is_object()) continue;
    if (energy["joules_per_run"].is_number())
      rows += row(w("Energy") + ", " + text_or_dash(side["name"]),
                  w.say("{0} J per run ({1})", number_or_dash(energy["joules_per_run"]),
                        text_or_dash(energy["source"])));
    else
      why = text_or_dash(energy["why"]);
  }
  return rows.empty() && !why.empty() ? row(w("Energy"), w("not measurable") + ": " + w(why))
                                      : rows;
}

std::string measured_on(const json& machine, std::string rows, const Words& w) {
  for (const json& warning : machine["warnings"])
    rows += row("△", "<span class=\"warn\">" + reason_or_dash(warning, w) + "</span>");
  return "<section><h2>" + w("Measured on") + "</h2><table><tbody>" + rows +
         "</tbody></table></section>\n";
}

}  // namespace

std::string environment_table(const json& report, const Words& w) {
  const json& machine = report["sides"][0]["environment"];
  return measured_on(machine,
                     machine_rows(machine, w) + run_rows(report, w) + energy_rows(report, w), w);
}

std::string machine_table(const json& report, const Words& w) {
  const json& machine = report["sides"][0]["environment"];
  return measured_on(machine, machine_rows(machine, w), w);
}

}  // namespace kasuri::profiling
