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

/// The first side and another as a row; the decision is about the second side.
std::string pair_row(const std::string& name, const json& report, size_t other, const Words& w) {
  const json &before = report["sides"][0], &after = report["sides"][other],
             &delta = report["deltas"][other - 1];
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
         td(verdict_stamp(report["fidelity"][other]["verdict"], w)) + "<td class=\"tight\">" +
         (other == 1 ? decision_of(report, w) : "") + "</td></tr>\n";
}

/// "t against a", where there are more sides than before and after.
std::string pair_name(const json& report, size_t other, const Words& w) {
  const json& delta = report["deltas"][other - 1];
  return w.say("{0} against {1}", html_escape(delta["side"]), html_escape(delta["against"]));
}

/// One comparison under `name`: a row, or one for every side after the first.
std::string overview_row(const std::string& name, const json& report, const Words& w) {
  if (report.contains("error"))
    return fmt::format("<tr><td>{}</td><td colspan=\"8\">× {}</td></tr>\n", name,
                       reason_or_dash(report["error"], w));
  const bool two = report["sides"].size() == 2;
  const std::string partial =
      report["partial"].get<bool>() ? " <small>(" + w("Partial") + ")</small>" : "";
  std::string rows;
  for (size_t other = 1; other < report["sides"].size(); ++other)
    rows += pair_row(two ? name + partial
                     : other == 1
                         ? name + partial + "<br><small>" + pair_name(report, other, w) + "</small>"
                         : "<small>" + pair_name(report, other, w) + "</small>",
                     report, other, w);
  return rows;
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

/// What a side other than the first says in a cell of the grid.
std::string grid_cell(const json& report, size_t other, const Words& w) {
  if (report.contains("error") || report["sides"].size() <= other) return "×";
  const json& latency = report["sides"][other]["latency_ms"];
  return (latency.is_object() ? number_or_dash(latency["median"]) : "–") + " ms " +
         w(report["deltas"][other - 1]["latency"]["verdict"].get<std::string>());
}

/// A grid of one side for the last two axes with more than one size; the other axes stand in the
/// row's name.
std::string grid(const json& matrix, size_t other, const std::string& title, const Words& w) {
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
    rows[row][column] = grid_cell(cell["report"], other, w);
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
  return html_section(w("Matrix"), title, head, body);
}

/// A grid for every side after the first.
std::string grids(const json& matrix, const json& reports, const Words& w) {
  const json* measured = measured_one(reports);
  const size_t sides = measured == nullptr ? 2 : (*measured)["sides"].size();
  if (sides == 2)
    return grid(matrix, 1, w("second side’s median and its verdict against the first"), w);
  std::string out;
  for (size_t other = 1; other < sides; ++other)
    out += grid(matrix, other, pair_name(*measured, other, w), w);
  return out;
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
  body += overview_table("Model", rows, w) + settings_of(reports, w);
  for (const json& report : reports)
    if (!report.contains("error") && report.contains("sides"))
      body += "<div style=\"break-before:page;margin-top:48px\">" + report_body(report, w) +
              "</div>\n";
  return html_page("Kasuri: overview", body, w);
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
                     document_block(matrix, w) + grids(matrix, reports, w) +
                     overview_table("At", rows, w);
  if (matrix.value("partial", json()) == true)
    body += "<p><span class=\"stamp dashed\">" + w("Partial") + "</span> " +
            w("cancelled before all cells were measured") + "</p>\n";
  if (const json* measured = measured_one(reports); measured != nullptr)
    body += machine_table(*measured, w);
  body += fmt::format("<section><h2>{}</h2><pre>{}</pre></section>\n", w("Repeat this measurement"),
                      html_escape(matrix.value("command", "")));
  return html_page("Kasuri: sweep of " + name, body, w);
}

}  // namespace kasuri::profiling
