#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <tuple>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {

using nlohmann::json;

std::string soak_table(const json& report, const Words& w) {
  const json soak = report.value("soak", json());
  if (!soak.is_object()) return "";
  std::string rows;
  for (const json& side : soak["sides"])
    rows += "<tr>" + td(text_or_dash(side["side"])) + tn(number_or_dash(side["first_ms"])) +
            tn(number_or_dash(side["last_ms"])) +
            tn(side["drift"].is_number() ? percent_text(side["drift"].get<double>()) : "–") +
            td(w(side["verdict"].get<std::string>())) + "</tr>\n";
  std::string note;
  for (const auto& [key, title, unit] :
       {std::tuple{"clock_mhz", "Clock", "MHz"}, {"temperature_c", "Temperature", "°C"}}) {
    const json& sensor = soak[key];
    note += note.empty() ? "" : " · ";
    if (sensor["first"].is_number())
      note += fmt::format("{} {} → {} {}", w(title), number_or_dash(sensor["first"]),
                          number_or_dash(sensor["last"]), unit);
    else
      note += w(title) + ": " + w("not readable");
  }
  return html_section(
      w("Long run"),
      w.say("{:.0f} s of alternating blocks; ", soak["seconds"].get<double>()) + note,
      html_head({"Side", "#first tenth ms", "#last tenth ms", "#drift", "Verdict"}, w), rows);
}

}  // namespace kasuri::profiling
