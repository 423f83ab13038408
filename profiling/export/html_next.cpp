#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string list_of(const std::string& title, const std::string& note,
                    const std::vector<std::string>& lines) {
  std::string items;
  for (const std::string& line : lines) items += "<li>" + html_escape(line) + "</li>\n";
  return fmt::format("<section><h2>{} <span>{}</span></h2><ul>{}</ul></section>\n", title, note,
                     items);
}

bool any_pass(const json& report, const char* fidelity) {
  return std::any_of(report["passes"].begin(), report["passes"].end(), [&](const json& pass) {
    return pass["enabled"].get<bool>() && pass["applied"].get<int>() > 0 &&
           pass["fidelity"] == fidelity;
  });
}

void add_fidelity_risks(const json& report, const Words& w, std::vector<std::string>& lines) {
  const std::string verdict = report["fidelity"][1]["verdict"];
  if (verdict == "broken") lines.push_back(w("The outputs differ beyond the tolerance."));
  if (verdict == "unchecked") lines.push_back(w("The outputs were not checked."));
  if (any_pass(report, "approximate"))
    lines.push_back(w("A pass that approximates is switched on; check the task’s own metric."));
  else if (any_pass(report, "reassociates"))
    lines.push_back(w("Sums are added in another order: results may differ in their last digits."));
  else
    lines.push_back(w("Only exact passes were applied."));
  if (report["reference"].value("samples", 1) < 2)
    lines.push_back(
        w("Outputs were compared on one sample; --input NAME=FOLDER compares on many."));
}

bool has_steps_elsewhere(const json& report) { return !report["sides"][1]["fallbacks"].empty(); }

void add_measuring_gaps(const json& report, const Words& w, std::vector<std::string>& lines) {
  const json& delta = report["deltas"][0]["latency"];
  const json& latency = report["sides"][1]["latency_ms"];
  if (delta["verdict"] == "undecided")
    lines.push_back(w("More blocks (--blocks) on a quieter machine: the verdict is still open."));
  if (latency.is_object() && !latency["p99"].is_number())
    lines.push_back(w("At least 500 runs (--samples 500): p99 needs them."));
  const json& machine = report["sides"][0]["environment"];
  const json threads = report["sides"][1]["runtime"]["settings"].value("threads", json());
  if (threads.is_number() && machine["cores"].get<int>() > threads.get<int>())
    lines.push_back(w.say("More threads: {0} of {1} usable cores were used.", threads.get<int>(),
                          machine["cores"].get<int>()));
}

void add_untried_passes(const json& report, const Words& w, std::vector<std::string>& lines) {
  for (const json& pass : report["passes"])
    if (!pass["enabled"].get<bool>())
      lines.push_back(
          w.say("Pass ‘{0}’ was off ({1}).", pass["name"].get<std::string>(), w(pass["law"])));
  constexpr size_t kMost = 8;
  for (const json& pass : report["passes"]) {
    if (lines.size() >= kMost || pass["declined"].empty()) continue;
    lines.push_back(w.say("{0}: {1} sites declined, most often: {2}",
                          pass["name"].get<std::string>(), pass["declined_count"].get<int>(),
                          w.reason(pass["declined"][0]["reason"].get<std::string>())));
  }
}

}  // namespace

std::string risks_section(const json& report, const Words& w) {
  if (report["deltas"].empty()) return "";
  std::vector<std::string> lines;
  add_fidelity_risks(report, w, lines);
  if (has_steps_elsewhere(report))
    lines.push_back(w.say("{} steps run on a slower path than intended; see the table.",
                          report["sides"][1]["fallbacks"].size()));
  if (!report["sides"][0]["environment"]["warnings"].empty())
    lines.push_back(w("The machine was not quiet; times elsewhere will differ, ratios less so."));
  lines.push_back(
      w("Way back: the original file is untouched; loading it again undoes the change."));
  lines.push_back(w(
      "The exported file keeps names of inputs and outputs, so that it can be swapped in place."));
  lines.push_back(w("Watch: compare again with --baseline on each new version (exit code 4)."));
  return list_of(w("Risks and rollback"), "", lines);
}

std::string next_section(const json& report, const Words& w) {
  if (report["deltas"].empty()) return "";
  std::vector<std::string> lines;
  add_measuring_gaps(report, w, lines);
  add_untried_passes(report, w, lines);
  if (lines.empty()) lines.push_back(w("Nothing is left that this comparison can name."));
  return list_of(w("Worth trying next"), w("what was off, declined or not measured"), lines);
}

}  // namespace kasuri::profiling
