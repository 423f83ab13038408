#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "profiling/conclusion.h"
#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"
#include "profiling/requirement.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// A number and its unit stay on one line.
std::string unbroken(std::string sentence) {
  for (size_t at = 0; (at = sentence.find(" %", at)) != std::string::npos;)
    sentence.replace(at, 1, "\u00A0");
  return sentence;
}

std::string field(const json& document, const char* key) {
  return document.is_object() ? document.value(key, "") : std::string();
}

std::string decision_stamp(const std::string& decision, const Words& w) {
  if (decision == "go") return "<span class=\"stamp filled\">✓ " + w("Go") + "</span>";
  if (decision == "no-go") return "<span class=\"stamp error\">× " + w("No-go") + "</span>";
  return "<span class=\"stamp dashed\">? " + w("Undecided") + "</span>";
}

std::string requirement_sentence(const json& report, const Words& w) {
  const json& requirements = report["requirements"];
  size_t met = 0;
  for (const json& requirement : requirements) met += requirement["met"].get<bool>();
  if (requirements.empty()) return w("No requirement was stated.");
  return w.say("{0} of {1} requirements are met.", met, requirements.size());
}

std::string today_sentence(const json& today, const std::string& after, const Words& w) {
  if (!today.is_object())
    return w("Today’s runtime was not measured beside it (--side today:runtime=ort).");
  const json& latency = today["latency"];
  return w.say("Today’s runtime ({0} {1}) takes {2} ms; ‘{3}’ against it: {4}, {5} ({6} … {7}).",
               text_or_dash(today["runtime"]), text_or_dash(today["version"]),
               number_or_dash(today["median_ms"]), after, w(latency["verdict"].get<std::string>()),
               percent_text(latency["ratio"].get<double>() - 1),
               percent_text(latency["low"].get<double>() - 1),
               percent_text(latency["high"].get<double>() - 1));
}

std::string payback_sentence(const json& payback, const Words& w) {
  if (!payback.is_object())
    return w("Payback: not stated; give --queries-per-day or --machines, costs and effort.");
  if (!payback["days"].is_number())
    return w("Payback: nothing is saved, so the effort is not paid back.");
  std::string out =
      w.say("Payback: {0:.2f} saved per day; an effort of {1:.2f} is paid after {2:.0f} days.",
            payback["saved_per_day"].get<double>(), payback["effort"].get<double>(),
            payback["days"].get<double>());
  if (payback["machines_before"].is_number())
    out += " " + w.say("{0:.0f} machines become {1:.0f}.", payback["machines_before"].get<double>(),
                       payback["machines_after"].get<double>());
  return out;
}

}  // namespace

std::string decision_block(const json& report, const Words& w) {
  const json conclusion = report.contains("conclusion") ? report["conclusion"] : conclude(report);
  std::string out = fmt::format("<div class=\"conclusion\">{}<p>{} {}</p></div>\n",
                                decision_stamp(conclusion["decision"], w),
                                html_escape(unbroken(conclusion_sentence(report, w))),
                                html_escape(requirement_sentence(report, w)));
  out += "<p class=\"claim\">" + html_escape(fidelity_sentence(report, w)) + "</p>\n";
  const std::string after =
      report["deltas"].empty() ? "" : html_escape(report["deltas"][0]["side"].get<std::string>());
  out += "<p class=\"claim\">" + unbroken(today_sentence(conclusion["today"], after, w)) + "</p>\n";
  out += "<p class=\"claim\">" + html_escape(payback_sentence(conclusion["payback"], w)) + "</p>\n";
  return out;
}

std::string document_block(const json& report, const Words& w) {
  const json document = report.value("document", json::object());
  std::string facts, signatures;
  for (const auto& [key, title] : {std::pair{"client", "Client"},
                                   {"project", "Project"},
                                   {"author", "Author"},
                                   {"version", "Version"}})
    if (const std::string value = field(document, key); !value.empty())
      facts += fmt::format("<div><span>{}</span> {}</div>", w(title), html_escape(value));
  bool any = false;
  for (const auto& [key, title] :
       {std::pair{"prepared", "Prepared"}, {"checked", "Checked"}, {"approved", "Approved"}}) {
    const std::string value = field(document, key);
    any = any || !value.empty();
    signatures += fmt::format("<div><b>{}</b>{}</div>", w(title), html_escape(value));
  }
  const std::string remarks = field(document, "remarks");
  if (facts.empty() && remarks.empty() && !any) return "";
  std::string out = "<div class=\"letterhead\"><div class=\"facts\">" + facts + "</div>";
  out += "<div class=\"signatures\">" + signatures + "</div></div>\n";
  if (!remarks.empty())
    out += "<p class=\"remarks\"><b>" + w("Remarks") + "</b> " + html_escape(remarks) + "</p>\n";
  return out;
}

namespace {

/// Where a side fails in the box of the requirement.
std::string box_words(const json& side, const Words& w) {
  const json box = side.value("box", json());
  if (!box.is_object() || box["fits"] != false) return "";
  const json& step = box["step"];
  std::string out;
  if (step.is_object() && step["in_flight"].get<bool>())
    out = w.say(": fails in {0} ({1}), which needs {2}", text_or_dash(step["name"]),
                text_or_dash(step["op"]), size_or_dash(step["needs_bytes"]));
  else if (step.is_object())
    out = w.say(": most of the arena is alive in {0} ({1})", text_or_dash(step["name"]),
                text_or_dash(step["op"]));
  if (const json& planned = box["planned"]; planned.is_object())
    out +=
        w.say("; weights {0}, packed copies {1}, arena {2}", size_or_dash(planned["weights_bytes"]),
              size_or_dash(planned["packed_weights_bytes"]), size_or_dash(planned["arena_bytes"]));
  return out + w.say("; without the limit it takes {}", size_or_dash(box["needed_bytes"]));
}

}  // namespace

namespace {

/// What was measured, with its unit.
std::string figure_of(const json& requirement, const Words& w) {
  const bool items = requirement["text"].get<std::string>().starts_with("throughput");
  return items ? number_or_dash(requirement.value("value", json())) + " " + w("items/s")
               : required_figure(requirement);
}

}  // namespace

std::string requirements_table(const json& report, const Words& w) {
  std::string rows;
  for (const json& requirement : report["requirements"]) {
    const std::string text = requirement["text"];
    std::string why =
        requirement.contains("why") ? " " + reason_or_dash(requirement["why"], w) : "";
    if (const std::string where = box_words(report["sides"][1], w);
        text.starts_with("box") && !where.empty())
      why = where;
    rows += "<tr>" + td(html_escape(text)) + tn(figure_of(requirement, w)) +
            td((requirement["met"].get<bool>() ? w("✓ met") : w("× not met")) + why) + "</tr>\n";
  }
  if (rows.empty()) return "";
  return html_section(w("Requirements"), w("of the second side"),
                      html_head({"Requirement", "#Measured", "Result"}, w), rows);
}

}  // namespace kasuri::profiling
