#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string number(const json& value) {
  return value.is_number() ? number_text(value.get<double>()) : "–";
}
std::string size(const json& value) {
  return value.is_number() ? bytes_text(value.get<int64_t>()) : "–";
}
std::string count(const json& value) {
  return value.is_number() ? fmt::format("{}", value.get<int64_t>()) : "–";
}
std::string text(const json& value) {
  return value.is_string() ? html_escape(value.get<std::string>()) : "–";
}
std::string td(const std::string& content) { return "<td>" + content + "</td>"; }
std::string tn(const std::string& content) { return "<td class=\"n\">" + content + "</td>"; }

std::string section(const std::string& title, const std::string& note, const std::string& head,
                    const std::string& rows) {
  return fmt::format(
      "<section class=\"long\"><h2>{} "
      "<span>{}</span></h2><table><thead><tr>{}</tr></thead><tbody>\n{}</tbody></table></"
      "section>\n",
      title, note, head, rows);
}

std::string runtime_text(const json& side) {
  const json& runtime = side["runtime"];
  std::string out = text(runtime["name"]) + " " + text(runtime["version"]);
  for (const auto& [key, value] : runtime["settings"].items())
    if (!value.is_object())
      out += fmt::format("; {} {}", html_escape(key),
                         html_escape(value.is_string() ? value.get<std::string>() : value.dump()));
  if (side["recipe"].is_string()) out += "; passes " + text(side["recipe"]);
  return out;
}

bool has_effects(const json& report) {
  for (const json& pass : report["passes"])
    if (pass.contains("effects")) return true;
  return false;
}

std::string effect_cells(const json& pass) {
  std::string cells;
  for (const char* question : {"cumulative", "alone", "left_out"}) {
    const json effect = pass.contains("effects") ? pass["effects"][question] : json();
    if (!effect.is_object())
      cells += tn("–");
    else if (effect["verdict"] == "faster" || effect["verdict"] == "slower")
      cells += tn(signed_text(effect["ms"].get<double>()));
    else
      cells += tn(effect["verdict"] == "broken" ? "× outputs differ" : text(effect["verdict"]));
  }
  return cells;
}

std::string side_row(const json& side, const json* delta) {
  const json& latency = side["latency_ms"];
  const json& memory = side["memory"];
  std::string row = "<tr class=\"side\">" + td(text(side["name"]));
  row += tn(latency.is_object() ? number(latency["median"]) : "–") +
         tn(latency.is_object() ? number(latency["p90"]) : "–");
  row += tn(side["throughput"].is_object() ? number(side["throughput"]["items_per_s"]) : "–");
  row += tn(count(side["kernels"])) + tn(size(memory["arena_bytes"])) +
         tn(size(memory["weights_bytes"]));
  row += tn(size(memory["packed_weights_bytes"])) + tn(size(memory["peak_rss_bytes"])) +
         tn(number(side["prepare_ms"]));
  std::string against = "baseline";
  if (delta != nullptr && (*delta)["latency"]["ratio"].is_number())
    against = fmt::format("{} {}", text((*delta)["latency"]["verdict"]),
                          percent_text((*delta)["latency"]["ratio"].get<double>() - 1));
  else if (delta != nullptr)
    against = "–";
  row += "<td class=\"tight\">" + against + "</td></tr>\n";
  return row + "<tr><td colspan=\"11\" class=\"what\">" + runtime_text(side) + "</td></tr>\n";
}

}  // namespace

std::string sides_table(const json& report) {
  std::string rows;
  for (size_t i = 0; i < report["sides"].size(); ++i)
    rows += side_row(report["sides"][i], i == 0 ? nullptr : &report["deltas"][i - 1]);
  return section(
      "All sides", "measured in alternating blocks of live processes; memory in fresh ones",
      "<th>Side</th><th class=\"n\">median ms</th><th class=\"n\">p90 ms</th><th "
      "class=\"n\">items/s</th>"
      "<th class=\"n\">kernels</th><th class=\"n\">arena</th><th class=\"n\">weights</th><th "
      "class=\"n\">packed</th>"
      "<th class=\"n\">process peak</th><th class=\"n\">prepare ms</th><th>against the first</th>",
      rows);
}

std::string fidelity_table(const json& report) {
  std::string rows;
  for (const json& side : report["fidelity"])
    for (const json& output : side["outputs"]) {
      const std::string agreement =
          output["argmax_agreement"].is_number()
              ? fmt::format("{:.2f} %", output["argmax_agreement"].get<double>() * 100)
              : "–";
      rows +=
          "<tr>" + td(text(side["side"])) + td(text(output["name"])) +
          tn(fmt::format("{:.1e}", output["max_abs"].get<double>())) +
          tn(fmt::format("{:.1e}", output["max_rel"].get<double>())) +
          tn(fmt::format("{:.7f}", output["cosine"].get<double>())) +
          tn(output["sqnr_db"].is_number() ? fmt::format("{:.1f}", output["sqnr_db"].get<double>())
                                           : "–") +
          tn(agreement) +
          td(verdict_stamp(output["verdict"]) +
             (output.contains("why") ? " " + text(output["why"]) : "")) +
          "</tr>\n";
    }
  if (rows.empty())
    rows = "<tr><td colspan=\"8\">" + text(report["reference"]["why"]) + "</td></tr>";
  const json& tolerance = report["reference"]["tolerance"];
  const std::string note = fmt::format(
      "against the unmodified model ({}); tolerance {:.0e} of the output’s largest value, {}",
      text(report["reference"]["method"]), tolerance["relative"].get<double>(),
      text(tolerance["why"]));
  return section("Outputs", note,
                 "<th>Side</th><th>Output</th><th class=\"n\">max abs</th><th class=\"n\">max "
                 "rel</th><th class=\"n\">cosine</th>"
                 "<th class=\"n\">SQNR dB</th><th class=\"n\">argmax agrees</th><th>Verdict</th>",
                 rows);
}

std::string passes_table(const json& report) {
  std::string rows;
  const bool effects = has_effects(report);
  for (const json& pass : report["passes"]) {
    const std::string fidelity = pass["fidelity"] == "exact"          ? "= exact"
                                 : pass["fidelity"] == "reassociates" ? "≈ rounding"
                                                                      : "~ approximate";
    std::string reasons;
    for (size_t i = 0; i < pass["declined"].size() && i < 3; ++i)
      reasons +=
          fmt::format("{}{} × {}", reasons.empty() ? "" : "; ", count(pass["declined"][i]["count"]),
                      text(pass["declined"][i]["reason"]));
    rows += "<tr>" + td(text(pass["name"])) + td(text(pass["law"])) + "<td class=\"tight\">" +
            fidelity + (pass["enabled"].get<bool>() ? "" : ", off") + "</td>" +
            tn(count(pass["applied"])) + tn(count(pass["declined_count"])) +
            (effects ? effect_cells(pass) : "") + td("<span class=\"why\">" + reasons + "</span>") +
            "</tr>\n";
  }
  return section("Passes",
                 effects
                     ? "milliseconds with the pass less without it, each pair interleaved: after "
                       "those before it; alone; in the whole recipe"
                     : "",
                 std::string("<th>Pass</th><th>Law</th><th>Fidelity</th><th class=\"n\">Applied"
                             "</th><th class=\"n\">Declined</th>") +
                     (effects ? "<th class=\"n\">cumulative ms</th><th class=\"n\">alone</th>"
                                "<th class=\"n\">left out</th>"
                              : "") +
                     "<th>Why not, most frequent</th>",
                 rows);
}

std::string fallback_table(const json& report) {
  std::string rows;
  for (const json& side : report["sides"])
    for (const json& step : side["fallbacks"])
      rows += "<tr>" + td(text(side["name"])) + td(text(step["step"])) + td(text(step["op"])) +
              td(text(step["backend"])) + td(text(step["why"])) + "</tr>\n";
  if (rows.empty()) return "";
  return section("Steps on a slower path", "",
                 "<th>Side</th><th>Step</th><th>Operator</th><th>Runs on</th><th>Why</th>", rows);
}

std::string travel_table(const json& report) {
  std::string rows;
  for (const json& line : report.value("travels", json::array())) {
    const auto ratio = [](const json& found) {
      if (!found.is_object()) return td("–") + td("–");
      return tn(fmt::format("{} ({} … {})", percent_text(found["ratio"].get<double>() - 1),
                            percent_text(found["low"].get<double>() - 1),
                            percent_text(found["high"].get<double>() - 1))) +
             td(verdict_stamp(found["verdict"]));
    };
    rows += "<tr>" +
            td(fmt::format("{}, {} threads", text(line["runtime"]), count(line["threads"]))) +
            ratio(line["file"]) + ratio(line["plan"]) + "</tr>\n";
  }
  if (rows.empty()) return "";
  return section("What travels with the ONNX file", "change of latency, interleaved, 99 % interval",
                 "<th>Runtime</th><th class=\"n\">exported against original file</th><th></th>"
                 "<th class=\"n\">Kasuri plan against exported file</th><th></th>",
                 rows);
}

std::string environment_table(const json& report) {
  const json& side = report["sides"][0];
  const json& machine = side["environment"];
  std::string rows;
  const auto row = [&](const char* key, const std::string& value) {
    rows += fmt::format("<tr><td class=\"key\">{}</td><td style=\"font-weight:400\">{}</td></tr>\n",
                        key, value);
  };
  row("Processor",
      fmt::format("{}, {} usable cores", text(machine["cpu"]), count(machine["cores"])));
  row("Instructions", text(machine["isa"]));
  row("Governor, load",
      fmt::format("{}; {} before",
                  machine["governor"].is_string() ? text(machine["governor"]) : "not readable",
                  number(machine["load"])));
  row("Memory",
      fmt::format("{}, {} free", size(machine["memory_bytes"]), size(machine["available_bytes"])));
  row("System", fmt::format("{}; Kasuri {}, {}", text(machine["os"]), text(machine["version"]),
                            text(machine["compiler"])));
  std::string inputs, dims;
  for (const json& input : report["inputs"])
    inputs += (inputs.empty() ? "" : "; ") + text(input["name"]) + " " + text(input["source"]);
  for (const json& dim : report["model"]["dims"])
    dims += (dims.empty() ? "" : ", ") + text(dim["name"]) + " = " + count(dim["value"]);
  row("Inputs", inputs.empty() ? "none" : inputs);
  if (!dims.empty()) row("Dynamic dimensions", dims);
  if (side["latency_ms"].is_object())
    row("Runs",
        fmt::format("{} blocks, {} runs of the first side, {} flagged as outliers, none deleted",
                    side.contains("block_medians_ms") ? side["block_medians_ms"].size() : 0,
                    count(side["latency_ms"]["count"]), count(side["latency_ms"]["outliers"])));
  for (const json& warning : machine["warnings"])
    row("△", "<span class=\"warn\">" + text(warning) + "</span>");
  return "<section><h2>Measured on</h2><table><tbody>" + rows + "</tbody></table></section>\n";
}

}  // namespace kasuri::profiling
