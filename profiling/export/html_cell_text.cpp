#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {

using nlohmann::json;

std::string td(const std::string& html) { return "<td>" + html + "</td>"; }
std::string tn(const std::string& html) { return "<td class=\"n\">" + html + "</td>"; }

std::string text_or_dash(const json& value) {
  return value.is_string() ? html_escape(value.get<std::string>()) : "–";
}
std::string reason_or_dash(const json& value, const Words& w) {
  return value.is_string() ? html_escape(w.reason(value.get<std::string>())) : "–";
}
std::string number_or_dash(const json& value) {
  return value.is_number() ? number_text(value.get<double>()) : "–";
}
std::string size_or_dash(const json& value) {
  if (!value.is_number()) return "–";
  const auto bytes = value.get<int64_t>();
  return fmt::format("<data value=\"{0}\" title=\"{0} B\">{1}</data>", bytes, bytes_text(bytes));
}
std::string count_or_dash(const json& value) {
  return value.is_number() ? fmt::format("{}", value.get<int64_t>()) : "–";
}

std::string html_section(const std::string& title, const std::string& note, const std::string& head,
                         const std::string& rows) {
  constexpr size_t kMostTogether = 12;  // on one page of paper
  size_t count = 0;
  for (size_t at = 0; (at = rows.find("<tr", at)) != std::string::npos; ++at) ++count;
  return fmt::format(
      "<section{}><h2>{} <span>{}</span></h2><table>{}<tbody>\n{}</tbody></table>"
      "</section>\n",
      count > kMostTogether ? " class=\"long\"" : "", title, note,
      head.empty() ? "" : "<thead><tr>" + head + "</tr></thead>", rows);
}

std::string html_head(std::initializer_list<const char*> titles, const Words& w) {
  std::string out;
  for (const char* title : titles)
    out +=
        *title == '#' ? "<th class=\"n\">" + w(title + 1) + "</th>" : "<th>" + w(title) + "</th>";
  return out;
}

}  // namespace kasuri::profiling
