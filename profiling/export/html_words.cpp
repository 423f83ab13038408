#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// Fidelity of the side the first delta is about.
const json* fidelity_of_after(const json& report) {
  return report["fidelity"].size() > 1 ? &report["fidelity"][1] : nullptr;
}

std::string latency_words(const std::string& after, const std::string& before, const json& latency,
                          const Words& w) {
  const std::string verdict = latency["verdict"];
  if (!latency["ratio"].is_number())
    return w.say("‘{}’ was not timed, because its outputs differ.", after);
  const double change = latency["ratio"].get<double>() - 1;
  if (!latency.value("timed", true))
    return w.say("‘{0}’ does exactly the same work as ‘{1}’ (identical plans).", after, before);
  if (verdict == "faster")
    return w.say("‘{0}’ is {2:.1f} % faster than ‘{1}’ ({3:.2f} times the speed).", after, before,
                 -change * 100, 1 / (1 + change));
  if (verdict == "slower")
    return w.say("‘{0}’ is {2:.1f} % slower than ‘{1}’.", after, before, change * 100);
  if (verdict == "same")
    return w.say("‘{0}’ is as fast as ‘{1}’ (the difference lies within 2 %).", after, before);
  return w.say("‘{0}’ and ‘{1}’ cannot be told apart in speed with this many blocks.", after,
               before);
}

std::string memory_words(const json& memory, const Words& w) {
  if (!memory["ratio"].is_number() || !memory["verdict"].is_string()) return "";
  const double change = memory["ratio"].get<double>() - 1;
  if (memory["verdict"] == "less")
    return " " + w.say("The process takes {:.1f} % less memory at its peak.", -change * 100);
  if (memory["verdict"] == "more")
    return " " + w.say("The process takes {:.1f} % more memory at its peak.", change * 100);
  return " " + w("The process takes the same memory at its peak.");
}

}  // namespace

std::string html_escape(const std::string& text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string verdict_stamp(const std::string& verdict, const Words& w) {
  struct Look {
    const char *verdict, *style, *text;
  };
  static constexpr Look kLooks[] = {{"faster", "filled", "▼ Faster"},
                                    {"slower", "filled", "▲ Slower"},
                                    {"less", "filled", "▼ Less"},
                                    {"more", "filled", "▲ More"},
                                    {"same", "", "= Same"},
                                    {"equal", "", "✓ Equal"},
                                    {"within_tolerance", "", "✓ Within tolerance"},
                                    {"undecided", "dashed", "? Undecided"},
                                    {"unchecked", "dashed", "? Not checked"},
                                    {"broken", "error", "× Outputs differ"}};
  for (const Look& look : kLooks)
    if (verdict == look.verdict)
      return fmt::format("<span class=\"stamp {}\">{}</span>", look.style, w(look.text));
  return "<span class=\"stamp dashed\">–</span>";
}

std::string conclusion_sentence(const json& report, const Words& w) {
  if (report["deltas"].empty()) return w("Nothing was compared.");
  const json& delta = report["deltas"][0];
  const std::string after = delta["side"], before = delta["against"];
  const json* fidelity = fidelity_of_after(report);
  if (fidelity != nullptr && (*fidelity)["verdict"] == "broken")
    return w.say("The outputs of ‘{}’ differ from the model’s: no speed is claimed.", after);
  std::string sentence =
      latency_words(after, before, delta["latency"], w) + memory_words(delta["peak_rss"], w);
  if (fidelity != nullptr && !(*fidelity)["blocked_passes"].empty())
    sentence += " " + w.say("Pass ‘{}’ broke the outputs and was left out.",
                            (*fidelity)["blocked_passes"][0].get<std::string>());
  return sentence;
}

std::string fidelity_sentence(const json& report, const Words& w) {
  const json* fidelity = fidelity_of_after(report);
  if (fidelity == nullptr) return "";
  const std::string verdict = (*fidelity)["verdict"];
  const std::string method = method_words(report, w);
  if (verdict == "equal")
    return w.say("Every output has the same bits as the unmodified model’s ({}).", method);
  if (verdict == "within_tolerance")
    return w.say(
        "Every output stays within the tolerance of the unmodified model’s; the largest difference "
        "is {0:.1e} of the largest value ({1}).",
        largest_relative_error(*fidelity), method);
  if (verdict == "broken")
    return w("Outputs differ beyond the tolerance; see the table of outputs.");
  return w.say("Outputs were not checked: {}.", w.reason(fidelity->value("why", "–")));
}

}  // namespace kasuri::profiling
