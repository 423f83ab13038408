#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "profiling/export/html.h"
#include "profiling/export/html_parts.h"

namespace kasuri::profiling {

using nlohmann::json;

std::string claims(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& sentence : sentences)
    if (!sentence.empty()) out += "<p class=\"claim\">" + html_escape(sentence) + "</p>\n";
  return out;
}

std::string share_text(double share) { return fmt::format("{:.2f} %", 100 * share); }

std::string dynamic_sections(const json& report, const Words& w) {
  std::string out;
  for (const json& result : report.value("dynamic", json::array())) {
    const std::string kind = result["kind"];
    out += kind == "early-exit" ? early_exit_section(result, w)
           : kind == "generate" ? generation_section(result, w)
                                : denoising_section(result, w);
    out +=
        "<section><pre>" + html_escape(result["command"].get<std::string>()) + "</pre></section>\n";
  }
  return out;
}

std::string html_dynamic(const json& report) {
  const Words w(report_language(report));
  const std::string path = report["dynamic"][0]["model"];
  const std::string name = std::filesystem::path(path).filename().string();
  const std::string body = html_top(w("Dynamic execution"), "") + "<h1>" + html_escape(name) +
                           "</h1>\n" + document_block(report, w) + dynamic_sections(report, w);
  return html_page("Kasuri: " + html_escape(name), body, w);
}

}  // namespace kasuri::profiling
