#include "profiling/export/html.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

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

std::string title_of(const json& report) {
  return std::filesystem::path(report["model"]["path"].get<std::string>()).filename().string();
}

std::string subtitle_of(const json& model, const Words& w) {
  std::string out =
      w.say("opset {0} · {1} operators · {2} parameters", model["opset"].get<int>(),
            model["operators"].get<int64_t>(), count_text(model["parameters"].get<int64_t>()));
  if (model.contains("hash")) out += " · " + w("content") + " " + model["hash"].get<std::string>();
  if (model.value("synthesized_weights", false)) out += " · " + w("weights made up");
  return out;
}

std::string command_section(const json& from, const Words& w) {
  return fmt::format("<section><h2>{}</h2><pre>{}</pre></section>\n", w("Repeat this measurement"),
                     html_escape(from.value("command", "")));
}

std::string first_page(const json& report, const Words& w) {
  std::string out =
      html_top(w("Before / after report"), report["sides"][0]["environment"].value("utc", ""));
  out += fmt::format("<h1>{}</h1><p class=\"subtitle\">{}</p>\n", html_escape(title_of(report)),
                     html_escape(subtitle_of(report["model"], w)));
  out += document_block(report, w) + decision_block(report, w);
  if (report.value("partial", false))
    out += "<p><span class=\"stamp dashed\">" + w("Partial") + "</span> " +
           w("cancelled before all blocks were done") + "</p>\n";
  return out + summary_cells(report, w) + requirements_table(report, w) +
         distribution_figure(report, w);
}

}  // namespace

std::string html_page(const std::string& title, const std::string& body, const Words& w) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, "
      "initial-scale=1\"><title>{}</title><style>{}</style></head>\n<body><main>\n{}"
      "<footer>{}</footer></main></body></html>\n",
      w.language(), html_escape(title), html_style(), body,
      w("Kasuri changes how a model is executed, never what it computes; what was measured of that "
        "claim stands under Outputs."));
}

/// "2026-11-21T18:51:53Z" as people read it: "2026-11-21 18:51 UTC".
std::string minute_of(const std::string& utc) {
  constexpr size_t kDay = 10, kMinute = 16;
  if (utc.size() < kMinute || utc[kDay] != 'T') return utc;
  return utc.substr(0, kDay) + " " + utc.substr(kDay + 1, kMinute - kDay - 1) + " UTC";
}

std::string html_top(const std::string& kind, const std::string& when) {
  return fmt::format(
      "<header class=\"top\"><span class=\"mark\">{} <strong>Kasuri</strong> "
      "{}</span><span>{}</span></header>\n",
      kMark, kind, html_escape(minute_of(when)));
}

std::string report_body(const json& report, const Words& w) {
  std::string body = "<div class=\"first\">" + first_page(report, w) + "</div>\n";
  body += process_memory_table(report, w) + memory_figure(report, w) + sides_table(report, w) +
          fidelity_table(report, w) + waterfall_figure(report, w) + passes_table(report, w) +
          search_section(report, w) + travel_table(report, w) + cold_start_table(report, w) +
          soak_table(report, w) + dynamic_sections(report, w) + fallback_table(report, w) +
          risks_section(report, w) + environment_table(report, w) + next_section(report, w);
  return body + command_section(report, w);
}

std::string html_report(const json& report) {
  const Words w(report_language(report));
  return html_page("Kasuri: " + title_of(report), report_body(report, w), w);
}

std::string report_language(const json& report) {
  const json document = report.value("document", json::object());
  return document.is_object() ? document.value("language", "en") : std::string("en");
}

}  // namespace kasuri::profiling
