#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kWidth = 760, kHeight = 180, kLeft = 70, kRight = 20, kTop = 12, kBottom = 26;

struct Range {
  double low = 0, high = 1;
  double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

Range range_of(const json& trials, const char* key) {
  Range range{trials[0][key].get<double>(), trials[0][key].get<double>()};
  for (const json& trial : trials) {
    if (trial["stopped"].get<bool>()) continue;
    range.low = std::min(range.low, trial[key].get<double>());
    range.high = std::max(range.high, trial[key].get<double>());
  }
  return range;
}

/// Latency to the right, arena upwards; filled: on the Pareto front.
std::string scatter(const json& trials, const Words& w) {
  const Range ms = range_of(trials, "ms"), bytes = range_of(trials, "arena_bytes");
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
                                kWidth, kHeight, w("Latency and arena of every recipe tried"));
  for (const json& trial : trials) {
    if (trial["stopped"].get<bool>()) continue;
    const double x = kLeft + ms.share(trial["ms"]) * (kWidth - kLeft - kRight);
    const double y =
        kHeight - kBottom - bytes.share(trial["arena_bytes"]) * (kHeight - kTop - kBottom);
    const bool wrong = trial["outputs"] == "wrong";
    svg += wrong ? fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">×</text>", x,
                               y + 4)
                 : fmt::format(
                       "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" stroke=\"var(--after-mark)\" "
                       "fill=\"{}\"/>",
                       x, y, trial["pareto"].get<bool>() ? "var(--after-mark)" : "none");
  }
  svg += fmt::format(
      "<text x=\"{0}\" y=\"{1}\">{2} ms</text><text x=\"{3}\" y=\"{1}\" text-anchor=\"end\">{4} "
      "ms</text>",
      kLeft, kHeight - 6, number_text(ms.low), kWidth - kRight, number_text(ms.high));
  svg += fmt::format(
      "<text x=\"{0}\" y=\"{1}\" text-anchor=\"end\">{2}</text><text x=\"{0}\" y=\"{3}\" "
      "text-anchor=\"end\">{4}</text></svg>",
      kLeft - 8, kTop + 8, bytes_text(static_cast<int64_t>(bytes.high)), kHeight - kBottom,
      bytes_text(static_cast<int64_t>(bytes.low)));
  return svg;
}

std::string confirmed_text(const json& confirmed, const Words& w) {
  if (!confirmed.is_object()) return "–";
  const std::string verdict = w(confirmed["verdict"].get<std::string>());
  if (!confirmed["ratio"].is_number() || confirmed["verdict"] == "same" ||
      confirmed["verdict"] == "undecided")
    return verdict;
  return verdict + " " + percent_text(confirmed["ratio"].get<double>() - 1);
}

}  // namespace

std::string search_section(const json& report, const Words& w) {
  const json search = report.value("search", json());
  if (!search.is_object() || search["trials"].empty()) return "";
  std::string rows;
  size_t confirmed = 0;
  for (const json& trial : search["trials"]) {
    confirmed += trial["confirmed"].is_object() ? 1 : 0;
    const std::string state = trial["outputs"] == "wrong"         ? w("× outputs differ")
                              : trial["stopped"].get<bool>()      ? w("stopped")
                              : trial["recipe"] == search["best"] ? w("best")
                              : trial["pareto"].get<bool>()       ? w("Pareto")
                                                                  : "";
    rows += "<tr>" + td(text_or_dash(trial["recipe"])) + tn(number_or_dash(trial["ms"])) +
            tn(size_or_dash(trial["arena_bytes"])) + tn(count_or_dash(trial["kernels"])) +
            td(confirmed_text(trial["confirmed"], w)) + td(state) + "</tr>\n";
  }
  const std::string note =
      w.say("{0} recipes screened in {1:.0f} s, {2} confirmed interleaved with the baseline",
            search["trials"].size(), search["seconds"].get<double>(), confirmed);
  return html_section(
             w("Search for a recipe"), note,
             html_head({"Recipe", "#screened ms", "#arena", "#kernels", "confirmed", ""}, w),
             rows) +
         "<section>" + scatter(search["trials"], w) + "</section>\n";
}

std::string cold_start_table(const json& report, const Words& w) {
  std::string rows;
  for (const json& side : report["sides"]) {
    const json cold = side.value("cold_start", json());
    if (!cold.is_object()) continue;
    rows += "<tr>" + td(text_or_dash(side["name"])) + tn(number_or_dash(cold["from_file_ms"])) +
            tn(number_or_dash(cold["from_plan_ms"])) + "</tr>\n";
  }
  if (rows.empty()) return "";
  return html_section(w("Cold start"),
                      w("from the start of a process to its first results, median of three; files "
                        "in the page cache"),
                      html_head({"Side", "#from the model ms", "#from a plan ms"}, w), rows);
}

}  // namespace kasuri::profiling
