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

std::string latency_words(const json& latency) {
  const std::string verdict = latency["verdict"];
  if (!latency["ratio"].is_number()) return "was not timed, because its outputs differ";
  const double change = latency["ratio"].get<double>() - 1;
  if (!latency.value("timed", true)) return "does exactly the same work (identical plans)";
  if (verdict == "faster")
    return fmt::format("is {:.1f} % faster ({:.2f} times the speed)", -change * 100,
                       1 / (1 + change));
  if (verdict == "slower") return fmt::format("is {:.1f} % slower", change * 100);
  if (verdict == "same") return "is as fast (the difference lies within 2 %)";
  return "cannot be told apart in speed with this many blocks";
}

std::string memory_words(const json& arena) {
  if (!arena["ratio"].is_number()) return "";
  const double change = arena["ratio"].get<double>() - 1;
  if (arena["verdict"] == "less")
    return fmt::format(" and plans {:.1f} % less memory for intermediate tensors", -change * 100);
  if (arena["verdict"] == "more")
    return fmt::format(" and plans {:.1f} % more memory for intermediate tensors", change * 100);
  return " and plans the same memory for intermediate tensors";
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

std::string verdict_stamp(const std::string& verdict) {
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
      return fmt::format("<span class=\"stamp {}\">{}</span>", look.style, look.text);
  return "<span class=\"stamp dashed\">–</span>";
}

std::string conclusion_sentence(const json& report) {
  if (report["deltas"].empty()) return "Nothing was compared.";
  const json& delta = report["deltas"][0];
  const std::string after = delta["side"], before = delta["against"];
  const json* fidelity = fidelity_of_after(report);
  if (fidelity != nullptr && (*fidelity)["verdict"] == "broken")
    return fmt::format("The outputs of ‘{}’ differ from the model’s: no speed is claimed.", after);
  std::string sentence =
      fmt::format("‘{}’ {}{}, compared with ‘{}’.", after, latency_words(delta["latency"]),
                  memory_words(delta["arena"]), before);
  if (fidelity != nullptr && !(*fidelity)["blocked_passes"].empty())
    sentence += fmt::format(" Pass ‘{}’ broke the outputs and was left out.",
                            (*fidelity)["blocked_passes"][0].get<std::string>());
  return sentence;
}

std::string fidelity_sentence(const json& report) {
  const json* fidelity = fidelity_of_after(report);
  if (fidelity == nullptr) return "";
  const std::string verdict = (*fidelity)["verdict"];
  const std::string method = report["reference"]["method"].is_string()
                                 ? report["reference"]["method"].get<std::string>()
                                 : "";
  double worst = 0;
  for (const json& output : (*fidelity)["outputs"])
    worst = std::max(worst, output["max_abs"].get<double>());
  if (verdict == "equal")
    return fmt::format("Every output has the same bits as the unmodified model’s ({}).", method);
  if (verdict == "within_tolerance")
    return fmt::format(
        "Every output stays within the tolerance of the unmodified model’s; the largest difference "
        "is "
        "{:.1e} ({}).",
        worst, method);
  if (verdict == "broken") return "Outputs differ beyond the tolerance; see the table of outputs.";
  return fmt::format("Outputs were not checked: {}.", fidelity->value("why", "no reason given"));
}

}  // namespace kasuri::profiling
