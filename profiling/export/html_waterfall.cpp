#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kWidth = 760, kRow = 20, kName = 90, kNumber = 150, kBar = 10;

constexpr double kLeastRest = 0.01;  // of what the bars span

struct Bar {
  std::string pass;
  json effect;      // its ms in the chain
  double from = 0;  // ms before this pass
};

/// Every pair of a pass has a baseline of its own: its ratio times what the passes before it left
/// gives the bar, so that the bars lead from before to after. What they do not explain is the rest.
std::vector<Bar> bars_of(const json& report, double before, double after, const Words& w) {
  std::vector<Bar> bars;
  double at = before;
  for (const json& pass : report["passes"]) {
    if (!pass.contains("effects") || !pass["effects"]["cumulative"].is_object()) continue;
    json effect = pass["effects"]["cumulative"];
    if (effect["ratio"].is_number())
      for (const auto& [ms, ratio] :
           {std::pair{"ms", "ratio"}, {"low_ms", "low"}, {"high_ms", "high"}})
        effect[ms] = at * (effect[ratio].get<double>() - 1);
    bars.push_back({pass["name"], effect, at});
    if (effect["ms"].is_number()) at += effect["ms"].get<double>();
  }
  const double rest = after - at;
  double low = std::min(after, at), high = std::max(after, at);
  for (const Bar& bar : bars) {
    low = std::min(low, bar.from);
    high = std::max(high, bar.from);
  }
  if (!bars.empty() && std::abs(rest) > kLeastRest * (high - low))
    bars.push_back(
        {w("rest"), {{"ms", rest}, {"low_ms", rest}, {"high_ms", rest}, {"verdict", "rest"}}, at});
  return bars;
}

bool is_real(const json& effect) {
  return effect["verdict"] == "faster" || effect["verdict"] == "slower";
}

std::string words(const json& effect, const Words& w) {
  const std::string verdict = effect["verdict"];
  if (verdict == "broken") return w("× outputs differ");
  if (verdict == "rest") return signed_text(effect["ms"].get<double>());
  if (verdict != "faster" && verdict != "slower")
    return verdict == "same" ? w("= same") : w("? undecided");
  const double half = (effect["high_ms"].get<double>() - effect["low_ms"].get<double>()) / 2;
  return signed_text(effect["ms"].get<double>()) + " ± " + number_text(half);
}

class Scale {
 public:
  Scale(const std::vector<Bar>& bars, double before, double after)
      : low_(std::min(before, after)), high_(std::max(before, after)) {
    for (const Bar& bar : bars) {
      if (!bar.effect["ms"].is_number()) continue;
      const bool whisker = is_real(bar.effect);
      low_ = std::min(low_, bar.from + bar.effect[whisker ? "low_ms" : "ms"].get<double>());
      high_ = std::max(high_, bar.from + bar.effect[whisker ? "high_ms" : "ms"].get<double>());
    }
  }
  double at(double ms) const {
    const double share = high_ > low_ ? (ms - low_) / (high_ - low_) : 0;
    return kName + share * (kWidth - kName - kNumber);
  }

 private:
  double low_, high_;
};

std::string bar_svg(const Bar& bar, const Scale& scale, double y, const Words& w) {
  std::string svg = fmt::format(
      "<text x=\"0\" y=\"{:.0f}\">{}</text><text x=\"{:.0f}\" y=\"{:.0f}\" "
      "text-anchor=\"end\">{}</text>",
      y + 14, html_escape(bar.pass), kWidth, y + 14, words(bar.effect, w));
  if (!bar.effect["ms"].is_number()) return svg;
  const bool real = is_real(bar.effect);
  const double from = scale.at(bar.from), to = scale.at(bar.from + bar.effect["ms"].get<double>());
  svg += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.0f}\" {}/>", std::min(from, to),
      y + (kRow - kBar) / 2, std::max(1.0, std::abs(to - from)), kBar,
      real ? "fill=\"var(--before-mark)\"" : "fill=\"none\" stroke=\"var(--before-mark)\"");
  if (!real) return svg;
  return svg + fmt::format("<path d=\"M{:.1f} {:.1f}H{:.1f}\" stroke=\"var(--text)\"/>",
                           scale.at(bar.from + bar.effect["low_ms"].get<double>()), y + kRow / 2,
                           scale.at(bar.from + bar.effect["high_ms"].get<double>()));
}

}  // namespace

std::string waterfall_figure(const json& report, const Words& w) {
  const json &before = report["sides"][0]["latency_ms"], &after = report["sides"][1]["latency_ms"];
  if (!before.is_object() || !after.is_object()) return "";
  const double first = before["median"].get<double>(), last = after["median"].get<double>();
  const std::vector<Bar> bars = bars_of(report, first, last, w);
  if (bars.empty()) return "";
  const Scale scale(bars, first, last);
  const double height = static_cast<double>(bars.size()) * kRow;
  std::string svg;
  for (const auto& [ms, colour] : {std::pair{first, "before"}, std::pair{last, "after"}})
    svg +=
        fmt::format("<path d=\"M{:.1f} 0V{:.0f}\" stroke=\"var(--{}-mark)\" stroke-width=\"1.5\"/>",
                    scale.at(ms), height, colour);
  for (size_t i = 0; i < bars.size(); ++i)
    svg += bar_svg(bars[i], scale, static_cast<double>(i) * kRow, w);
  return fmt::format(
      "<section><h2>{} <span>{}</span></h2><svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" "
      "aria-label=\"{}\">{}</svg></section>\n",
      w("Effect of each pass"),
      w.say("chained ratios of paired runs, from {} to {} ms; whiskers: 99 % interval",
            number_text(first), number_text(last)),
      kWidth, height, w("Effect of each pass; what each pair took stands in the table of passes"),
      svg);
}

}  // namespace kasuri::profiling
