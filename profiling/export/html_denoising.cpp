#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kWidth = 760, kHeight = 240, kLeft = 56, kRight = 150, kTop = 14, kBottom = 34;

/// The plain ways first: a rule that decides by the image is worth what it adds to them.
std::string verdict_sentence(const json& result, const Words& w) {
  const json& rival = result["rival"];
  const json& mine = result["ways"][1];
  if (!rival.is_object())
    return w(
        "No plain way that asks the network as seldom was compared with (--fixed, "
        "--strides): no gain is claimed.");
  const std::string name = rival["name"];
  const auto difference = rival["difference"].get<double>();
  const auto low = rival["difference_low"].get<double>(),
             high = rival["difference_high"].get<double>();
  const auto worst = rival["worst_tenth_difference"].get<double>();
  const auto evaluations = mine["evaluations"].get<double>();
  if (rival["as_well"].get<bool>())
    return w.say(
        "‘{0}’ does as well for no more evaluations ({5:.1f}): SSIM differs by {1:+.4f} "
        "({2:+.4f} … {3:+.4f}), in the worst tenth by {4:+.4f}. Deciding by the image is "
        "not worth it here.",
        name, difference, low, high, worst, evaluations);
  if (rival["undecided"].get<bool>())
    return w.say(
        "With so few images it is not decided whether this is better than ‘{0}’ for no "
        "more evaluations ({4:.1f}): SSIM differs by {1:+.4f} ({2:+.4f} … {3:+.4f}).",
        name, difference, low, high, evaluations);
  return w.say(
      "Better than the best plain way that asks no more often ({5:.1f} evaluations), "
      "‘{0}’: SSIM differs by {1:+.4f} ({2:+.4f} … {3:+.4f}), in the worst tenth by "
      "{4:+.4f}.",
      name, difference, low, high, worst, evaluations);
}

std::string ways_table(const json& result, const Words& w) {
  std::string rows;
  for (const json& way : result["ways"])
    rows += "<tr>" + td(text_or_dash(way["name"])) + tn(number_or_dash(way["evaluations"])) +
            tn(number_or_dash(way["ms"])) + tn(number_or_dash(way["psnr"])) +
            tn(fmt::format("{:.4f}", way["ssim"].get<double>())) +
            tn(fmt::format("{:.4f}", way["worst_tenth_ssim"].get<double>())) + "</tr>\n";
  return html_section(
      w("Quality beside cost"),
      w.say("PSNR and SSIM against ‘{0}’, means over {1} seeds",
            result["ways"][0]["name"].get<std::string>(), result["seeds"].get<int64_t>()),
      html_head({"Way", "#evaluations", "#ms", "#PSNR dB", "#SSIM", "#worst tenth"}, w), rows);
}

/// SSIM over mean time; the way asked for in the colour of "after", all others in that of "before".
std::string figure(const json& ways, const Words& w) {
  double slowest = 0, least = 1;
  for (size_t k = 1; k < ways.size(); ++k) {
    slowest = std::max(slowest, ways[k]["ms"].get<double>());
    least = std::min(least, ways[k]["ssim"].get<double>());
  }
  slowest = std::max(slowest, 1e-9);
  least = std::min(least, 0.999);
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><path d=\"M{} {}V{}H{}\" "
      "fill=\"none\" stroke=\"#7C8599\"/>",
      kWidth, kHeight, w("SSIM over mean time of an image"), kLeft, kTop, kHeight - kBottom,
      kWidth - kRight);
  for (size_t k = 1; k < ways.size(); ++k) {
    const double x = kLeft + ways[k]["ms"].get<double>() / slowest * (kWidth - kLeft - kRight);
    const double y =
        kTop + (1 - ways[k]["ssim"].get<double>()) / (1 - least) * (kHeight - kTop - kBottom);
    svg += fmt::format(
        "<circle cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"4\" fill=\"{2}\"/><text x=\"{3:.1f}\" "
        "y=\"{4:.1f}\">{5}</text>",
        x, y, k == 1 ? "#D2571F" : "#5A71AB", x + 7, y + 4,
        html_escape(ways[k]["name"].get<std::string>()));
  }
  svg += fmt::format(
      "<text x=\"{0}\" y=\"{1}\" text-anchor=\"end\">1</text><text x=\"{0}\" y=\"{2}\" "
      "text-anchor=\"end\">{3:.3f}</text><text x=\"{4}\" y=\"{5}\">0</text><text x=\"{6}\" "
      "y=\"{5}\" text-anchor=\"end\">{7} ms</text></svg>",
      kLeft - 6, kTop + 4, kHeight - kBottom, least, kLeft, kHeight - 14, kWidth - kRight,
      number_text(slowest));
  return fmt::format("<section><h2>{}</h2>{}</section>\n", w("SSIM over mean time of an image"),
                     svg);
}

}  // namespace

std::string denoising_section(const json& result, const Words& w) {
  const json& ways = result["ways"];
  const std::vector<std::string> sentences = {
      w.say("{0} seeds, sampler {1}, guidance {2:.3g}; schedule {3}.",
            result["seeds"].get<int64_t>(), result["sampler"].get<std::string>(),
            result["guidance"].get<double>(), result["schedule"].get<std::string>()),
      verdict_sentence(result, w)};
  return fmt::format("<section><h2>{} <span>{}</span></h2>{}</section>\n", w("Adaptive steps"),
                     text_or_dash(result["model"]), claims(sentences)) +
         ways_table(result, w) + figure(ways, w);
}

}  // namespace kasuri::profiling
