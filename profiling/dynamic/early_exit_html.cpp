#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "profiling/dynamic/early_exit_report.h"
#include "profiling/export/html_parts.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string text(const json& value) { return html_escape(value.get<std::string>()); }

std::string row(const std::vector<std::string>& cells, const char* tag = "td") {
  std::string out = "<tr>";
  for (const std::string& cell : cells) out += fmt::format("<{0}>{1}</{0}>", tag, cell);
  return out + "</tr>\n";
}

std::string percent(const json& share) {
  return fmt::format("{:.2f} %", 100 * share.get<double>());
}

std::string exits_table(const json& report) {
  std::string out = "<h2>Exits</h2><table>" +
                    row({"exit", "rule", "left here", "reached after", "weights", "arena"}, "th");
  for (const json& exit : report["exits"])
    out += row({text(exit["name"]), html_escape(exit.value("rule", "answers the rest")),
                percent(exit["share_left"]), percent(exit["time_share"]) + " of the time",
                fmt::format("{:.0f} kB", exit["weights_bytes"].get<double>() / 1000),
                fmt::format("{:.0f} kB", exit["arena_bytes"].get<double>() / 1000)});
  return out + "</table>\n";
}

std::string counts_table(const json& counts) {
  std::string out = "<table>" + row({"what", "counted", "rate", "limit", "upper bound"}, "th");
  for (const json& count : counts)
    out += row({text(count["what"]),
                fmt::format("{} of {}", count["k"].get<int64_t>(), count["n"].get<int64_t>()),
                percent(count["rate"]), percent(count["limit"]), percent(count["bound"])});
  return out + "</table>\n";
}

std::string risk_section(const json& report) {
  const json &risk = report["risk"], &data = report["data"];
  std::string out = fmt::format(
      "<h2>What was risked</h2><p>Thresholds ({}) were certified on {} samples of {}: with "
      "probability {:.3g} % every limit below holds on data like these.</p>",
      text(report["policy"]), risk["certified_on"].get<int64_t>(), text(data["data"]),
      100 * (1 - risk["epsilon"].get<double>()));
  out += counts_table(risk["counts"]);
  for (const json& why : risk["why_not"]) out += "<p>Not certifiable: " + text(why) + "</p>";
  out += fmt::format("<h2>On {} other samples</h2>", report["test"]["samples"].get<int64_t>());
  out += counts_table(report["test"]["counts"]);
  if (report["test"].contains("accuracy_full"))
    out += fmt::format("<p>Accuracy {} leaving early, {} with the full model.</p>",
                       percent(report["test"]["accuracy_early"]),
                       percent(report["test"]["accuracy_full"]));
  return out;
}

std::string latency_table(const json& report) {
  std::string out = "<h2>Time</h2><table>" +
                    row({"batch", "faster on average", "mean, ms", "p95, ms", "worst, ms",
                         "full: mean", "p95", "worst", "expected, ms", "never leaving"},
                        "th");
  for (const json& at : report["latency"]) {
    const auto ms = [&](const char* side, const char* which) {
      return fmt::format("{:.3f}", at[side][which].get<double>());
    };
    out += row({fmt::format("{}", at["batch"].get<int64_t>()),
                fmt::format("{:.2f}x ({:.2f} to {:.2f})", at["speedup"].get<double>(),
                            at["speedup_low"].get<double>(), at["speedup_high"].get<double>()),
                ms("early", "mean"), ms("early", "p95"), ms("early", "worst"), ms("full", "mean"),
                ms("full", "p95"), ms("full", "worst"),
                fmt::format("{:.3f}", at["expected_ms"].get<double>()),
                fmt::format("{:.3f}x", at["worst_case"].get<double>())});
  }
  return out + "</table>\n";
}

}  // namespace

std::string early_exit_html(const json& report) {
  std::string out = fmt::format(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Early exit</title>"
      "<style>{}</style></head><body><main><h1>Early exit: {}</h1>\n",
      html_style(), text(report["model"]));
  out += exits_table(report) + risk_section(report) + latency_table(report);
  return out + "<h2>Again</h2><pre>" + text(report["command"]) + "</pre></main></body></html>\n";
}

}  // namespace kasuri::profiling
