#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "profiling/conclusion.h"
#include "profiling/export/html.h"
#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"
#include "profiling/sweep.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string name_of_model(const json& report) {
  return std::filesystem::path(report["model"]["path"].get<std::string>()).filename().string();
}

std::string decision_of(const json& report, const Words& w) {
  const std::string decision = report.contains("conclusion")
                                   ? report["conclusion"].value("decision", "undecided")
                                   : conclude(report).value("decision", "undecided");
  return decision == "go"      ? "✓ " + w("Go")
         : decision == "no-go" ? "× " + w("No-go")
                               : "? " + w("Undecided");
}

/// One comparison as a row under `name`.
std::string overview_row(const std::string& name, const json& report, const Words& w) {
  if (report.contains("error"))
    return fmt::format("<tr><td>{}</td><td colspan=\"8\">× {}</td></tr>\n", name,
                       html_escape(report["error"]));
  const json &before = report["sides"][0], &after = report["sides"][1],
             &delta = report["deltas"][0];
  const auto ms = [](const json& side) {
    return side["latency_ms"].is_object() ? number_or_dash(side["latency_ms"]["median"]) : "–";
  };
  const json &ratio = delta["latency"]["ratio"], &verdict = delta["latency"]["verdict"];
  const bool differs = verdict == "faster" || verdict == "slower";
  return "<tr>" + td(name) + "<td class=\"n b\">" + ms(before) + "</td><td class=\"n a\">" +
         ms(after) + "</td>" +
         tn(differs && ratio.is_number() ? percent_text(ratio.get<double>() - 1) : "–") +
         td(verdict_stamp(verdict, w)) + tn(size_or_dash(before["memory"]["peak_rss_bytes"])) +
         tn(size_or_dash(after["memory"]["peak_rss_bytes"])) +
         td(verdict_stamp(report["fidelity"][1]["verdict"], w)) + "<td class=\"tight\">" +
         decision_of(report, w) + "</td></tr>\n";
}

std::string overview_table(const char* first, const std::string& rows, const Words& w) {
  return "<section class=\"long wide\"><table><thead><tr>" +
         html_head({first, "#before ms", "#after ms", "#change", "Latency", "#process before",
                    "#after", "Outputs", "Decision"},
                   w) +
         "</tr></thead><tbody>" + rows + "</tbody></table></section>\n";
}

/// How many rows ended how.
std::string tally(const json& reports, const Words& w) {
  std::map<std::string, int> counts;
  for (const json& report : reports)
    ++counts[report.contains("error") ? "× " + w("failed") : decision_of(report, w)];
  std::string out;
  for (const auto& [name, count] : counts)
    out += fmt::format("{}{} {}", out.empty() ? "" : " · ", name, count);
  return "<p class=\"subtitle\">" + out + "</p>\n";
}

/// The first that was measured; null where all failed.
const json* measured_one(const json& reports) {
  for (const json& report : reports)
    if (!report.contains("error")) return &report;
  return nullptr;
}

/// Where it was measured, and every line that measures it again.
std::string settings_of(const json& reports, const Words& w) {
  const json* measured = measured_one(reports);
  if (measured == nullptr) return "";
  std::string commands;
  std::set<std::string> seen;
  for (const json& report : reports)
    if (const std::string line = report.value("command", "");
        !line.empty() && seen.insert(line).second)
      commands += html_escape(line) + "\n";
  return machine_table(*measured, w) + fmt::format("<section><h2>{}</h2><pre>{}</pre></section>\n",
                                                   w("Repeat this measurement"), commands);
}

std::string time_of(const json& reports) {
  const json* measured = measured_one(reports);
  return measured == nullptr ? "" : (*measured)["sides"][0]["environment"].value("utc", "");
}

/// A grid for the last two axes with more than one size; the other axes stand in the row's name.
std::string grid(const json& matrix, const Words& w) {
  if (matrix["axes"].size() < 2) return "";
  const json& across = matrix["axes"].back();
  const std::string across_name = across["name"];
  std::map<std::string, std::map<int64_t, std::string>> rows;
  std::vector<std::string> order;
  for (const json& cell : matrix["cells"]) {
    json at = cell["at"];
    if (!at.contains(across_name)) continue;
    const int64_t column = at[across_name];
    at.erase(across_name);
    const std::string row = sweep_cell_title({{"at", at}});
    if (!rows.contains(row)) order.push_back(row);
    const json& report = cell["report"];
    if (report.contains("error")) {
      rows[row][column] = "×";
      continue;
    }
    const json& latency = report["sides"][1]["latency_ms"];
    const json& delta = report["deltas"][0]["latency"];
    rows[row][column] = (latency.is_object() ? number_or_dash(latency["median"]) : "–") + " ms " +
                        w(delta["verdict"].get<std::string>());
  }
  std::string head = "<th></th>", body;
  for (const json& value : across["values"])
    head +=
        fmt::format("<th class=\"n\">{} {}</th>", html_escape(across_name), value.get<int64_t>());
  for (const std::string& row : order) {
    body += "<tr>" + td(html_escape(row));
    for (const json& value : across["values"]) {
      const auto found = rows[row].find(value.get<int64_t>());
      body += tn(found == rows[row].end() ? "–" : found->second);
    }
    body += "</tr>\n";
  }
  return html_section(w("Matrix"), w("second side’s median and its verdict against the first"),
                      head, body);
}

}  // namespace

std::string html_overview(const json& reports) {
  json first = json::object();
  for (const json& report : reports)
    if (report.contains("document")) first = report;
  const Words w(report_language(first));
  std::string rows;
  for (const json& report : reports)
    rows += overview_row(html_escape(name_of_model(report)), report, w);
  std::string body = html_top(w("Overview"), time_of(reports)) + "<h1>" +
                     w.say("{} models", reports.size()) + "</h1>" + tally(reports, w);
  if (first.contains("document")) body += document_block(first, w);
  return html_page("Kasuri: overview",
                   body + overview_table("Model", rows, w) + settings_of(reports, w), w);
}

std::string html_matrix(const json& matrix) {
  const Words w(report_language(matrix));
  std::string rows;
  json reports = json::array();
  for (const json& cell : matrix["cells"]) reports.push_back(cell["report"]);
  for (const json& cell : matrix["cells"])
    rows += overview_row(html_escape(sweep_cell_title(cell)), cell["report"], w);
  const std::string name =
      std::filesystem::path(matrix["model"].get<std::string>()).filename().string();
  std::string body = html_top(w("Sweep"), time_of(reports)) + "<h1>" + html_escape(name) + "</h1>" +
                     document_block(matrix, w) + grid(matrix, w) + overview_table("At", rows, w);
  if (const json* measured = measured_one(reports); measured != nullptr)
    body += machine_table(*measured, w);
  body += fmt::format("<section><h2>{}</h2><pre>{}</pre></section>\n", w("Repeat this measurement"),
                      html_escape(matrix.value("command", "")));
  return html_page("Kasuri: sweep of " + name, body, w);
}

}  // namespace kasuri::profiling
