#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string figure_or_dash(const json& latency, const char* key) {
  return latency.is_object() && latency[key].is_number() ? number_text(latency[key].get<double>())
                                                         : "–";
}

std::string cell(const std::string& label, const std::string& definition, const std::string& figure,
                 const std::string& verdict, const std::string& fine) {
  return fmt::format(
      "<div class=\"cell\"><div class=\"label\"><b>{}</b> <span>{}</span></div>"
      "<div class=\"figure\">{}</div><div>{}</div><div class=\"fine\">{}</div></div>\n",
      label, definition, figure, verdict, fine);
}

std::string pair(const std::string& before, const std::string& after, const std::string& unit) {
  return fmt::format(
      "<span class=\"b\">{}</span> <i>→</i> <span class=\"a\">{}</span> <small>{}</small>", before,
      after, unit);
}

std::string change(const json& delta) {
  if (!delta["ratio"].is_number() || delta["verdict"] == "same" || delta["verdict"] == "undecided")
    return "";
  return fmt::format("<span class=\"delta\">{}</span>",
                     percent_text(delta["ratio"].get<double>() - 1));
}

std::string latency_cell(const json& before, const json& after, const json& delta, const Words& w) {
  const json& latency = delta["latency"];
  std::string fine = w.reason(latency.value("why", ""));
  if (latency.value("timed", false) && latency["low"].is_number())
    fine = w.say("99 % interval {} … {} · p90 {} → {} ms · first run {} → {} ms",
                 percent_text(latency["low"].get<double>() - 1),
                 percent_text(latency["high"].get<double>() - 1),
                 figure_or_dash(before["latency_ms"], "p90"),
                 figure_or_dash(after["latency_ms"], "p90"), figure_or_dash(before, "first_run_ms"),
                 figure_or_dash(after, "first_run_ms"));
  return cell(w("Latency"), w("median, submit to results on host"),
              pair(figure_or_dash(before["latency_ms"], "median"),
                   figure_or_dash(after["latency_ms"], "median"), "ms"),
              verdict_stamp(latency["verdict"], w) + change(latency), html_escape(fine));
}

std::string size_of(const json& bytes) {
  return bytes.is_number() ? bytes_text(bytes.get<int64_t>()) : "–";
}

/// What the machine must have; stands before any percentage of the arena.
std::string process_cell(const json& before, const json& after, const json& delta, const Words& w) {
  const json &then = before["memory"], &now = after["memory"],
             &verdict = delta["peak_rss"]["verdict"];
  const std::string fine =
      w.say("of it the program itself {} → {}", size_of(then.value("baseline_rss_bytes", json())),
            size_of(now.value("baseline_rss_bytes", json())));
  const json fits = now.value("fits_limit", json());
  const std::string limit =
      !fits.is_boolean()
          ? ""
          : " · " + (fits.get<bool>()
                         ? w.say("fits the limit of {}", size_of(now["limit_bytes"]))
                         : w.say("× exceeds the limit of {}", size_of(now["limit_bytes"])));
  return cell(w("Process memory"), w("peak, fresh process"),
              pair(size_of(then["peak_rss_bytes"]), size_of(now["peak_rss_bytes"]), ""),
              verdict_stamp(verdict.is_string() ? verdict.get<std::string>() : "undecided", w) +
                  change(delta["peak_rss"]),
              fine + limit);
}

std::string arena_cell(const json& before, const json& after, const json& delta, const Words& w) {
  const json &then = before["memory"], &now = after["memory"];
  const std::string fine = w.say("lower bound {} → {}", size_of(then["arena_lower_bound_bytes"]),
                                 size_of(now["arena_lower_bound_bytes"]));
  const json& verdict = delta["arena"]["verdict"];
  return cell(w("Planned arena"), w("peak of intermediate tensors"),
              pair(size_of(then["arena_bytes"]), size_of(now["arena_bytes"]), ""),
              verdict_stamp(verdict.is_string() ? verdict.get<std::string>() : "undecided", w) +
                  change(delta["arena"]),
              fine);
}

std::string outputs_cell(const json& fidelity, const json& reference, const Words& w) {
  const double worst = largest_relative_error(fidelity);
  double cosine = 1;
  for (const json& output : fidelity["outputs"])
    cosine = std::min(cosine, output["cosine"].get<double>());
  const std::string fine = w.say("tolerance {:.0e} of the output’s largest value · cosine {:.6f}",
                                 reference["tolerance"]["relative"].get<double>(), cosine);
  return cell(
      w("Outputs"), w.say("{} compared", fidelity["outputs"].size()),
      fidelity["outputs"].empty()
          ? "–"
          : fmt::format("{} <small>{}</small>", worst == 0 ? "0" : fmt::format("{:.1e}", worst),
                        w("of the largest value")),
      verdict_stamp(fidelity["verdict"], w), fine);
}

}  // namespace

std::string summary_cells(const json& report, const Words& w) {
  if (report["deltas"].empty() || report["sides"].size() < 2) return "";
  const json &before = report["sides"][0], &after = report["sides"][1],
             &delta = report["deltas"][0];
  return "<section><div class=\"cells\">" + latency_cell(before, after, delta, w) +
         process_cell(before, after, delta, w) + arena_cell(before, after, delta, w) +
         outputs_cell(report["fidelity"][1], report["reference"], w) + "</div></section>\n";
}

}  // namespace kasuri::profiling
