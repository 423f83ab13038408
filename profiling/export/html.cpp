#include "profiling/export/html.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"
#include "profiling/sweep.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// A well crib of vertical threads with uneven ends.
constexpr const char* kMark =
    "<svg viewBox=\"0 0 24 24\" style=\"width:24px;height:24px\" aria-hidden=\"true\"><rect "
    "width=\"24\" height=\"24\" "
    "fill=\"#2B478B\"/><g stroke=\"#FFFFFF\" stroke-width=\"1.6\"><path d=\"M8 4v15M9.8 5v15M14.2 "
    "4v16M16 5v14\"/>"
    "<path d=\"M4 8.5h16M4 15.5h16\" stroke-dasharray=\"1.6 0.6\" stroke-width=\"2.6\"/></g></svg>";

std::string page(const std::string& title, const std::string& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, "
      "initial-scale=1\"><title>{}</title><style>{}</style></head>\n<body><main>\n{}"
      "<footer>Kasuri changes how a model is executed, never what it computes; what was measured "
      "of that claim "
      "stands under Outputs.</footer></main></body></html>\n",
      html_escape(title), html_style(), body);
}

std::string top(const std::string& kind, const std::string& when) {
  return fmt::format(
      "<header class=\"top\"><span class=\"mark\">{} <strong>Kasuri</strong> "
      "{}</span><span>{}</span></header>\n",
      kMark, kind, html_escape(when));
}

std::string title_of(const json& report) {
  return std::filesystem::path(report["model"]["path"].get<std::string>()).filename().string();
}

std::string subtitle_of(const json& model) {
  std::string out = fmt::format("opset {} · {} operators · {} parameters",
                                model["opset"].get<int>(), model["operators"].get<int64_t>(),
                                count_text(model["parameters"].get<int64_t>()));
  if (model.contains("hash")) out += " · content " + model["hash"].get<std::string>();
  if (model.value("synthesized_weights", false)) out += " · weights made up";
  return out;
}

std::string requirements_list(const json& report) {
  if (report["requirements"].empty()) return "";
  std::string rows;
  for (const json& requirement : report["requirements"])
    rows += fmt::format("<tr><td>{}</td><td>{}</td></tr>", html_escape(requirement["text"]),
                        requirement["met"].get<bool>() ? "✓ met" : "× not met");
  return "<section><h2>Requirements</h2><table><tbody>" + rows + "</tbody></table></section>\n";
}

/// One comparison as a row under `name`.
std::string overview_row(const std::string& name, const json& report) {
  if (report.contains("error"))
    return fmt::format("<tr><td>{}</td><td colspan=\"5\">× {}</td></tr>\n", name,
                       html_escape(report["error"]));
  const json &before = report["sides"][0], &after = report["sides"][1],
             &delta = report["deltas"][0];
  const auto ms = [](const json& side) {
    return side["latency_ms"].is_object() ? number_text(side["latency_ms"]["median"].get<double>())
                                          : std::string("–");
  };
  const json& ratio = delta["latency"]["ratio"];
  return fmt::format(
      "<tr><td>{}</td><td class=\"n b\">{}</td><td class=\"n a\">{}</td><td "
      "class=\"n\">{}</td><td>{}</td><td>{}</td></tr>\n",
      name, ms(before), ms(after), ratio.is_number() ? percent_text(ratio.get<double>() - 1) : "–",
      verdict_stamp(delta["latency"]["verdict"]), verdict_stamp(report["fidelity"][1]["verdict"]));
}

std::string overview_table(const std::string& title, const std::string& first,
                           const std::string& rows) {
  return "<h1>" + title + "</h1><section class=\"long\"><table><thead><tr><th>" + first +
         "</th><th class=\"n\">before ms</th><th class=\"n\">after ms</th><th "
         "class=\"n\">change</th><th>Latency</th><th>Outputs</th></tr></thead><tbody>" +
         rows + "</tbody></table></section>\n";
}

}  // namespace

std::string html_report(const json& report) {
  const std::string title = title_of(report);
  std::string body =
      top("Before / after report", report["sides"][0]["environment"].value("utc", ""));
  body += fmt::format("<h1>{}</h1><p class=\"subtitle\">{}</p>\n", html_escape(title),
                      html_escape(subtitle_of(report["model"])));
  body +=
      fmt::format("<p class=\"conclusion\">{}</p><p class=\"claim\">{}</p>\n",
                  html_escape(conclusion_sentence(report)), html_escape(fidelity_sentence(report)));
  if (report.value("partial", false))
    body +=
        "<p><span class=\"stamp dashed\">Partial</span> cancelled before all blocks were "
        "done</p>\n";
  body += summary_cells(report) + memory_figure(report) + distribution_figure(report) +
          waterfall_figure(report) + sides_table(report);
  body += travel_table(report) + passes_table(report) + fidelity_table(report) +
          fallback_table(report) + requirements_list(report);
  body += environment_table(report);
  body += fmt::format("<section><h2>Repeat this measurement</h2><pre>{}</pre></section>\n",
                      html_escape(report.value("command", "")));
  return page("Kasuri: " + title, body);
}

std::string html_overview(const json& reports) {
  std::string rows;
  for (const json& report : reports) rows += overview_row(html_escape(title_of(report)), report);
  return page("Kasuri: overview",
              top("Overview", "") +
                  overview_table(fmt::format("{} models", reports.size()), "Model", rows));
}

std::string html_matrix(const json& matrix) {
  std::string rows;
  for (const json& cell : matrix["cells"])
    rows += overview_row(html_escape(sweep_cell_title(cell)), cell["report"]);
  const std::string name =
      std::filesystem::path(matrix["model"].get<std::string>()).filename().string();
  std::string body = top("Sweep", "") + overview_table(html_escape(name), "At", rows);
  body += fmt::format("<section><h2>Repeat this measurement</h2><pre>{}</pre></section>\n",
                      html_escape(matrix.value("command", "")));
  return page("Kasuri: sweep of " + html_escape(name), body);
}

}  // namespace kasuri::profiling
