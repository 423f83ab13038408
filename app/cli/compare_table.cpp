#include "app/cli/compare_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "profiling/box_run.h"
#include "profiling/export/units.h"
#include "profiling/requirement.h"

namespace kasuri::cli {
namespace {

using nlohmann::json;
using namespace kasuri::profiling;

std::string ms(const json& value) {
  return value.is_number() ? number_text(value.get<double>()) : "-";
}
std::string size(const json& value) {
  return value.is_number() ? bytes_text(value.get<int64_t>()) : "-";
}
std::string count(const json& value) {
  return value.is_number() ? fmt::format("{}", value.get<int64_t>()) : "-";
}

/// A verdict as people write it: "within tolerance".
std::string words_of(const json& verdict) {
  std::string words = verdict.get<std::string>();
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string sensor_text(const json& sensor, const char* unit) {
  if (!sensor["first"].is_number()) return "not readable";
  return ms(sensor["first"]) + " -> " + ms(sensor["last"]) + " " + unit;
}

std::string interval_text(const json& latency) {
  if (!latency["ratio"].is_number()) return latency.value("why", "");
  if (latency.value("timed", false) == false) return latency.value("why", "");
  return fmt::format("{} ({} ... {})", percent_text(latency["ratio"].get<double>() - 1),
                     percent_text(latency["low"].get<double>() - 1),
                     percent_text(latency["high"].get<double>() - 1));
}

void print_side(const json& side) {
  const json& latency = side["latency_ms"];
  const json& memory = side["memory"];
  fmt::print("  {:<12} {:>10} {:>10} {:>8} {:>12} {:>12} {:>12}\n", side["name"].get<std::string>(),
             latency.is_object() ? ms(latency["median"]) : "-",
             latency.is_object() ? ms(latency["p90"]) : "-", count(side["kernels"]),
             size(memory["arena_bytes"]), size(memory["arena_lower_bound_bytes"]),
             size(memory["peak_rss_bytes"]));
}

void print_delta(const json& delta) {
  const json &latency = delta["latency"], &arena = delta["arena"], &rss = delta["peak_rss"];
  fmt::print("{} against {}: {} {}\n", delta["side"].get<std::string>(),
             delta["against"].get<std::string>(), latency["verdict"].get<std::string>(),
             interval_text(latency));
  if (arena["ratio"].is_number())
    fmt::print("  planned arena {} {}", arena["verdict"].get<std::string>(),
               percent_text(arena["ratio"].get<double>() - 1));
  if (rss["ratio"].is_number())
    fmt::print("{}peak process memory {} {}", arena["ratio"].is_number() ? ", " : "  ",
               rss["verdict"].get<std::string>(), percent_text(rss["ratio"].get<double>() - 1));
  if (arena["ratio"].is_number() || rss["ratio"].is_number()) fmt::print("\n");
}

/// Of sides with several streams, which are measured apart from the latency.
void print_throughput(const json& report) {
  bool any = false;
  for (const json& side : report["sides"]) {
    const json& found = side["throughput"];
    if (!found.is_object() || !found.contains("rounds")) continue;
    any = true;
    const int streams = found["streams"];
    fmt::print("throughput of {}: {} items/s ({} ... {} by rounds), {} stream{}, batch {}\n",
               side["name"].get<std::string>(), ms(found["items_per_s"]), ms(found["low"]),
               ms(found["high"]), streams, streams == 1 ? "" : "s", count(found["batch"]));
    if (const std::string note = found["note"]; !note.empty()) fmt::print("  note: {}\n", note);
  }
  for (const json& delta : report["deltas"])
    if (const json found = delta.value("throughput", json()); found.is_object())
      fmt::print("{} against {}: throughput {} ({} ... {} by rounds)\n",
                 delta["side"].get<std::string>(), delta["against"].get<std::string>(),
                 percent_text(found["ratio"].get<double>() - 1),
                 percent_text(found["low"].get<double>() - 1),
                 percent_text(found["high"].get<double>() - 1));
  if (any)
    fmt::print("latency is that of one stream alone; peak process memory that of all streams\n");
}

std::string effect_text(const json& effect) {
  if (!effect.is_object()) return "-";
  if (effect["verdict"] == "broken") return "outputs differ";
  if (effect["verdict"] == "same" || effect["verdict"] == "undecided") return effect["verdict"];
  return fmt::format("{:+.3g}", effect["ms"].get<double>());
}

/// Milliseconds that every pass adds (+) or takes away (-).
void print_effects(const json& passes) {
  bool any = false;
  for (const json& pass : passes) {
    if (!pass.contains("effects") || !pass["effects"]["cumulative"].is_object()) continue;
    const json& effects = pass["effects"];
    if (!any)
      fmt::print("  {:<12} {:>14} {:>14} {:>14} {:>12}\n", "pass, ms", "cumulative", "alone",
                 "left out", "arena");
    any = true;
    fmt::print("  {:<12} {:>14} {:>14} {:>14} {:>12}\n", pass["name"].get<std::string>(),
               effect_text(effects["cumulative"]), effect_text(effects["alone"]),
               effect_text(effects["left_out"]), size(effects["cumulative"]["arena_bytes"]));
  }
}

void print_travel(const json& travels) {
  for (const json& line : travels) {
    const auto words = [](const json& found) {
      return fmt::format("{} {}", found["verdict"].get<std::string>(),
                         percent_text(found["ratio"].get<double>() - 1));
    };
    const int threads = line["threads"];
    fmt::print("{}, {} thread{}: the exported file against the original: {}",
               line["runtime"].get<std::string>(), threads, threads == 1 ? "" : "s",
               words(line["file"]));
    if (line["plan"].is_object())
      fmt::print("; the Kasuri plan against the exported file: {}", words(line["plan"]));
    fmt::print("\n");
  }
}

void print_slow_sites(const json& report) {
  bool any = false;
  for (const json& pass : report["passes"])
    for (const json& site : pass.value("slowed_by", json::array())) {
      any = true;
      fmt::print("pass '{}' is slowed by {}\n", pass["name"].get<std::string>(),
                 site.get<std::string>());
    }
  if (!any && report.value("bisected", false))
    fmt::print("bisect: no pass was found to slow the model down\n");
}

void print_soak(const json& report) {
  for (const json& side : report["sides"])
    if (const json cold = side.value("cold_start", json()); cold.is_object())
      fmt::print("cold start of {}: {} ms from the model, {} ms from a plan\n",
                 side["name"].get<std::string>(), ms(cold["from_file_ms"]),
                 ms(cold["from_plan_ms"]));
  const json soak = report.value("soak", json());
  if (!soak.is_object()) return;
  for (const json& side : soak["sides"])
    fmt::print("{:.0f} s, {}: {} ms -> {} ms, {}\n", soak["seconds"].get<double>(),
               side["side"].get<std::string>(), ms(side["first_ms"]), ms(side["last_ms"]),
               side["verdict"].get<std::string>());
  fmt::print("clock {}, temperature {}\n", sensor_text(soak["clock_mhz"], "MHz"),
             sensor_text(soak["temperature_c"], "°C"));
}

/// The planner refuses what cannot fit; this is about the measured process.
void print_limit(const json& side) {
  const json& memory = side["memory"];
  const json fits = memory.value("fits_limit", json());
  if (!fits.is_boolean()) return;
  fmt::print("{}: process peak {} {} the memory limit of {}\n", side["name"].get<std::string>(),
             size(memory["peak_rss_bytes"]), fits.get<bool>() ? "fits" : "DOES NOT FIT",
             size(memory["limit_bytes"]));
}

void print_box(const json& side) {
  if (const json box = side.value("box", json()); box.is_object())
    fmt::print("{} {}\n", side["name"].get<std::string>(), box_line(box));
}

void print_conclusion(const json& report) {
  const json conclusion = report.value("conclusion", json());
  if (!conclusion.is_object()) return;
  std::string reasons;
  for (const json& reason : conclusion["reasons"])
    reasons += (reasons.empty() ? "" : ", ") + words_of(reason);
  fmt::print("decision: {} ({})\n", conclusion["decision"].get<std::string>(), reasons);
  if (const json& today = conclusion["today"]; today.is_object())
    fmt::print("today's runtime ({}): {} ms; {} against it\n", today["runtime"].get<std::string>(),
               ms(today["median_ms"]), today["latency"]["verdict"].get<std::string>());
  if (const json& payback = conclusion["payback"];
      payback.is_object() && payback["days"].is_number())
    fmt::print("payback: {:.2f} saved per day, paid back after {:.0f} days\n",
               payback["saved_per_day"].get<double>(), payback["days"].get<double>());
}

/// "requirement rss<=64MiB: NOT met (70.4 MiB)"
void print_requirement(const json& requirement) {
  fmt::print("requirement {}: {} ({})\n", requirement["text"].get<std::string>(),
             requirement["met"].get<bool>() ? "met" : "NOT met",
             requirement["value"].is_number() ? required_figure(requirement)
                                              : requirement.value("why", "not measured"));
}

void print_fidelity(const json& fidelity, int samples) {
  double worst = 0;
  for (const json& output : fidelity["outputs"])
    if (const double largest = output["largest"].get<double>(); largest > 0)
      worst = std::max(worst, output["max_abs"].get<double>() / largest);
  fmt::print("outputs of {}: {}", fidelity["side"].get<std::string>(),
             words_of(fidelity["verdict"]));
  if (fidelity["verdict"] == "within_tolerance")
    fmt::print(", at most {:.1e} of the largest value", worst);
  if (samples > 1) fmt::print(", the worst of {} samples", samples);
  if (fidelity.contains("why")) fmt::print(" ({})", fidelity["why"].get<std::string>());
  for (const json& pass : fidelity["blocked_passes"])
    fmt::print("\n  pass '{}' was blocked: {}", pass.get<std::string>(),
               fidelity.value("before_blocking", ""));
  for (const json& site : fidelity.value("guilty_sites", json::array()))
    fmt::print("\n  broken at {}", site.get<std::string>());
  fmt::print("\n");
}

/// The first side and another in one line.
void print_pair(const std::string& name, const json& report, size_t other) {
  const json &before = report["sides"][0], &after = report["sides"][other],
             &delta = report["deltas"][other - 1];
  const auto median_of = [](const json& side) {
    return side["latency_ms"].is_object() ? ms(side["latency_ms"]["median"]) : std::string("-");
  };
  fmt::print("{:<44} {:>8} -> {:>8} ms  {:<9} {:<34} arena {} -> {}  {}{}\n", name,
             median_of(before), median_of(after), delta["latency"]["verdict"].get<std::string>(),
             interval_text(delta["latency"]), size(before["memory"]["arena_bytes"]),
             size(after["memory"]["arena_bytes"]), words_of(report["fidelity"][other]["verdict"]),
             report["partial"].get<bool>() ? ", partial" : "");
}

}  // namespace

void print_search(const json& search) {
  fmt::print("search, {:.0f} s, * on the Pareto front\n", search["seconds"].get<double>());
  for (const json& trial : search["trials"]) {
    const std::string verdict = trial["confirmed"].is_object()
                                    ? trial["confirmed"]["verdict"].get<std::string>()
                                : trial["outputs"] == "wrong"       ? "outputs differ"
                                : !trial.value("error", "").empty() ? "does not run"
                                : trial["stopped"].get<bool>()      ? "stopped"
                                                                    : "";
    fmt::print("  {} {:>10} ms {:>12}  {:<14} {}\n", trial["pareto"].get<bool>() ? "*" : " ",
               ms(trial["ms"]), size(trial["arena_bytes"]), verdict,
               trial["recipe"].get<std::string>());
  }
  fmt::print("best recipe: {} ({})\n", search["best"].get<std::string>(),
             search["why"].get<std::string>());
  if (search.value("partial", false)) fmt::print("partial: cancelled before all was tried\n");
}

void print_comparison(const json& report) {
  fmt::print("{}\n", report["model"]["path"].get<std::string>());
  fmt::print("  {:<12} {:>10} {:>10} {:>8} {:>12} {:>12} {:>12}\n", "side", "median ms", "p90 ms",
             "kernels", "arena", "lower bound", "peak RSS");
  for (const json& side : report["sides"]) print_side(side);
  for (const json& delta : report["deltas"]) print_delta(delta);
  print_throughput(report);
  print_effects(report["passes"]);
  print_travel(report["travels"]);
  for (const json& side : report["sides"]) print_limit(side);
  for (const json& side : report["sides"]) print_box(side);
  print_slow_sites(report);
  if (const json search = report.value("search", json()); search.is_object()) print_search(search);
  print_soak(report);
  const int samples = report["reference"].value("samples", 1);
  for (const json& fidelity : report["fidelity"]) print_fidelity(fidelity, samples);
  for (const json& requirement : report["requirements"]) print_requirement(requirement);
  print_conclusion(report);
  for (const json& warning : report["sides"][0]["environment"]["warnings"])
    fmt::print("note: {}\n", warning.get<std::string>());
  if (report["partial"].get<bool>()) fmt::print("partial: cancelled before all blocks were done\n");
}

void print_comparison_row(const json& report) {
  const std::string name =
      std::filesystem::path(report["model"]["path"].get<std::string>()).filename().string();
  if (report.contains("error")) {
    fmt::print("{:<44} failed: {}\n", name, report["error"].get<std::string>());
    return;
  }
  const bool two = report["sides"].size() == 2;
  if (!two) fmt::print("{}\n", name);
  for (size_t i = 1; i < report["sides"].size(); ++i) {
    const json& delta = report["deltas"][i - 1];
    print_pair(two ? name
                   : fmt::format("  {} against {}", delta["side"].get<std::string>(),
                                 delta["against"].get<std::string>()),
               report, i);
  }
}

}  // namespace kasuri::cli
