#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kSame = 0.03;  ///< Nearer to 1 than this is no gain and no loss.

/// What speculation brought, never more than was measured.
std::string gain_sentence(const json& result, const Words& w) {
  if (!result.contains("plain"))
    return w("Plain decoding was not run beside it (--compare): no gain is claimed.");
  const auto speed_up = result["speed_up"].get<double>();
  const auto ceiling = result["ceiling"].get<double>();
  if (speed_up > 1 + kSame)
    return w.say(
        "{0:.2f} times the tokens per second of plain decoding, prompt by prompt in turn; "
        "the formula with these costs allows {1:.2f} ({2:.0f} % of it reached).",
        speed_up, ceiling, 100 * speed_up / std::max(ceiling, 1e-9));
  if (speed_up >= 1 - kSame)
    return w.say(
        "As fast as plain decoding ({:.2f}): drafting does not pay here and is switched "
        "off most of the time.",
        speed_up);
  return w.say("Slower than plain decoding ({:.2f}): do not draft here.", speed_up);
}

std::string equality_sentence(const json& result, const Words& w) {
  if (!result.contains("plain")) return "";
  if (result["sampling"]["temperature"].get<double>() > 0)
    return w(
        "Tokens are drawn: their distribution is that of plain decoding (rejection sampling), "
        "the texts need not be equal.");
  std::string out = w.say("{0} of {1} texts equal plain decoding token by token.",
                          result["identical"].get<int64_t>(), result["prompts"].get<int64_t>());
  double widest = 0;
  for (const json& part : result["divergences"])
    widest = std::max(widest, part["margin"].get<double>());
  if (!result["divergences"].empty())
    out += " " + w.say("Where they part, the two largest scores differ by {:.2g} at most.", widest);
  return out;
}

std::string figures_table(const json& result, const Words& w) {
  const auto row = [&](const std::string& what, const std::string& value) {
    return "<tr><td class=\"key\">" + what + "</td>" + td(value) + "</tr>\n";
  };
  std::string rows =
      row(w("Tokens per second"), number_or_dash(result["tokens_per_second"])) +
      row(w("First token after, ms"), number_or_dash(result["first_token_ms"])) +
      row(w("Tokens per target pass"), number_or_dash(result["tokens_per_pass"])) +
      row(w("Acceptance"), share_text(result["acceptance"].get<double>()) + ", " +
                               w.say("{} tokens proposed", result["proposed"].get<int64_t>())) +
      row(w("Proposed at once"),
          fmt::format("{}{}", result["depth"]["most"].get<int64_t>(),
                      result["depth"]["adaptive"].get<bool>() ? ", " + w("as many as pay")
                                                              : ", " + w("always")));
  if (result.contains("plain"))
    rows += row(w("Plain decoding, tokens per second"),
                number_or_dash(result["plain"]["tokens_per_second"])) +
            row(w("Plain decoding, first token after, ms"),
                number_or_dash(result["plain"]["first_token_ms"]));
  return "<section><table><tbody>" + rows + "</tbody></table></section>\n";
}

std::string tables_of_passes(const json& result, const Words& w) {
  const json &accepted = result["accepted_histogram"], &sizes = result["target_passes_by_size"];
  std::string first, second;
  for (size_t k = 0; k < accepted.size(); ++k)
    first += "<tr>" + tn(fmt::format("{}", k)) + tn(count_or_dash(accepted[k])) + "</tr>\n";
  for (const json& size : sizes)
    second += "<tr>" + tn(count_or_dash(size["tokens"])) + tn(count_or_dash(size["passes"])) +
              tn(number_or_dash(size["ms"])) + "</tr>\n";
  return html_section(w("Passes of the target by accepted tokens"), "",
                      html_head({"#Accepted", "#passes"}, w), first) +
         html_section(w("Passes of the target by tokens at once"), "",
                      html_head({"#Tokens", "#passes", "#mean ms"}, w), second);
}

}  // namespace

std::string generation_section(const json& result, const Words& w) {
  const std::string draft =
      result["draft"].is_string() ? result["draft"].get<std::string>() : w("no draft");
  const std::vector<std::string> sentences = {
      w.say("{0} prompts, {1} new tokens; draft: {2}.", result["prompts"].get<int64_t>(),
            result["tokens"].get<int64_t>(), draft),
      gain_sentence(result, w), equality_sentence(result, w)};
  return fmt::format("<section><h2>{} <span>{}</span></h2>{}</section>\n",
                     w("Speculative decoding"), text_or_dash(result["model"]), claims(sentences)) +
         figures_table(result, w) + tables_of_passes(result, w);
}

}  // namespace kasuri::profiling
