#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kWidth = 760, kHeight = 210, kLeft = 66, kRight = 120, kTop = 12, kBottom = 26;

struct Point {
  double x = 0, bytes = 0;
};

/// Position of each step: the furthest of its source operators in the order of the first side.
std::vector<Point> points_of(const json& timeline, const std::map<std::string, double>& places) {
  std::vector<Point> points;
  double last = 0;
  for (const json& step : timeline) {
    for (const json& source : step["sources"])
      if (const auto place = places.find(source.get<std::string>()); place != places.end())
        last = std::max(last, place->second);
    points.push_back({last, step["bytes"].get<double>()});
  }
  return points;
}

std::map<std::string, double> places_of(const json& timeline) {
  std::map<std::string, double> places;
  for (size_t i = 0; i < timeline.size(); ++i)
    for (const json& source : timeline[i]["sources"])
      places.emplace(source.get<std::string>(),
                     static_cast<double>(i + 1) / static_cast<double>(timeline.size()));
  return places;
}

double peak_of(const std::vector<Point>& points) {
  double peak = 0;
  for (const Point& point : points) peak = std::max(peak, point.bytes);
  return peak;
}

/// A round number of bytes at least as large: 1, 2, 2.5 or 5 times a power of two or ten.
double axis_end(double bytes) {
  double unit = 1;
  while (bytes / unit > 1024) unit *= 1024;
  const double value = std::max(bytes / unit, 1e-9);
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (double factor : {1.0, 2.0, 2.5, 5.0, 10.0})
    if (factor * power >= value) return factor * power * unit;
  return bytes;
}

double x_at(double share) { return kLeft + share * (kWidth - kLeft - kRight); }
double y_at(double bytes, double top) {
  return kHeight - kBottom - bytes / top * (kHeight - kTop - kBottom);
}

std::string stairs(const std::vector<Point>& points, double top) {
  std::string path;
  double x = 0;
  for (const Point& point : points) {
    const double y = y_at(point.bytes, top);
    path +=
        fmt::format("{}{:.1f} {:.1f} H{:.1f}", path.empty() ? "M" : "L", x_at(x), y, x_at(point.x));
    x = point.x;
  }
  return path;
}

std::string grid(double top) {
  std::string out;
  for (int i = 0; i <= 4; ++i) {
    const double bytes = top * i / 4, y = y_at(bytes, top);
    out += fmt::format("<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>",
                       kLeft, kWidth - kRight, y, y, i == 0 ? "#7C8599" : "#D8DDE6");
    out += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", kLeft - 4,
                       y + 4, bytes_text(static_cast<int64_t>(bytes)));
  }
  return out;
}

std::string level(double bytes, double top, const char* colour, const char* dash,
                  const std::string& words, double label_y) {
  const double y = y_at(bytes, top);
  return fmt::format(
      "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
      "stroke-dasharray=\"{}\"/>"
      "<text x=\"{}\" y=\"{:.1f}\" style=\"fill:{};font-weight:600\">{}</text>",
      kLeft, kWidth - kRight, y, y, colour, dash, kWidth - kRight + 6, label_y, colour,
      html_escape(words));
}

std::string bars(const std::vector<double>& samples, double low, double high, const char* colour,
                 double most) {
  constexpr int kBins = 60;
  std::vector<int> counts(kBins, 0);
  for (double sample : samples)
    ++counts[static_cast<size_t>(
        std::clamp((sample - low) / (high - low) * kBins, 0.0, kBins - 1.0))];
  std::string out;
  const double width = (kWidth - 20) / kBins;
  for (int i = 0; i < kBins; ++i) {
    if (counts[static_cast<size_t>(i)] == 0) continue;
    const double height = std::max(2.0, counts[static_cast<size_t>(i)] / most * 90);
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\" "
        "fill-opacity=\"0.85\"/>",
        10 + i * width, 110 - height, width - 1, height, colour);
  }
  return out;
}

}  // namespace

std::string memory_figure(const json& report, const Words& w) {
  if (report["sides"].size() < 2) return "";
  const json &before = report["sides"][0], &after = report["sides"][1];
  if (before["timeline"].empty() || after["timeline"].empty()) return "";
  const auto places = places_of(before["timeline"]);
  const auto first = points_of(before["timeline"], places),
             second = points_of(after["timeline"], places);
  const double before_peak = peak_of(first), after_peak = peak_of(second);
  if (before_peak <= 0) return "";
  const double top = axis_end(std::max(before_peak, after_peak) * 1.02);
  const std::string after_path = stairs(second, top);
  const double before_y = y_at(before_peak, top) + 4, after_y = y_at(after_peak, top) + 4;
  const double apart = std::fabs(before_y - after_y) < 14 ? (after_y >= before_y ? 14 : -14) : 0;
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"live bytes of the planned arena, "
      "before and after\">",
      kWidth, kHeight);
  svg += grid(top);
  svg += fmt::format("<path d=\"{} V{:.1f} H{:.1f} Z\" fill=\"#FBE9DF\" stroke=\"none\"/>",
                     after_path, y_at(0, top), x_at(0));
  svg += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"#5A71AB\" stroke-width=\"1.5\"/>",
                     stairs(first, top));
  svg += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"#D2571F\" stroke-width=\"1.75\"/>",
                     after_path);
  svg +=
      level(before_peak, top, "#46598C", "6 3",
            before["name"].get<std::string>() + " " + bytes_text(static_cast<int64_t>(before_peak)),
            before_y);
  svg +=
      level(after_peak, top, "#AE410F", "6 3",
            after["name"].get<std::string>() + " " + bytes_text(static_cast<int64_t>(after_peak)),
            after_y + apart);
  svg += fmt::format(
      "<text x=\"{}\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\" "
      "text-anchor=\"end\">{}</text></svg>",
      kLeft, kHeight - 8, w("first operator"), kWidth - kRight, kHeight - 8, w("last operator"));
  return fmt::format("<section><h2>{} <span>{}</span></h2>{}</section>\n", w("Memory over the run"),
                     w("live bytes of the planned arena by source operator; dashed: peaks"), svg);
}

std::string distribution_figure(const json& report, const Words& w) {
  if (report["sides"].size() < 2) return "";
  const json &before = report["sides"][0], &after = report["sides"][1];
  if (!before.contains("samples_ms") || !after.contains("samples_ms")) return "";
  const auto first = before["samples_ms"].get<std::vector<double>>(),
             second = after["samples_ms"].get<std::vector<double>>();
  const double low = std::min(*std::min_element(first.begin(), first.end()),
                              *std::min_element(second.begin(), second.end()));
  const double high = std::max(quantile(first, 0.99), quantile(second, 0.99)) * 1.02;
  if (!(high > low)) return "";
  const double most = static_cast<double>(std::max(first.size(), second.size())) / 6;
  std::string svg = fmt::format(
      "<svg viewBox=\"0 0 {} 140\" role=\"img\" aria-label=\"distribution of run times\"><g>",
      kWidth);
  svg += bars(first, low, high, "#5A71AB", most) + bars(second, low, high, "#D2571F", most);
  svg += fmt::format(
      "</g><line x1=\"10\" x2=\"{0}\" y1=\"110\" y2=\"110\" stroke=\"#7C8599\"/><text x=\"10\" "
      "y=\"126\">{1} ms</text>"
      "<text x=\"{0}\" y=\"126\" text-anchor=\"end\">{2} ms ({3})</text></svg>",
      kWidth - 10, number_text(low), number_text(high), w("99 % of the runs"));
  return fmt::format(
      "<section><h2>{} <span><span class=\"b\">{} {} ms</span> · <span "
      "class=\"a\">{} {} ms</span></span></h2>{}</section>\n",
      w.say("Distribution of {} runs", first.size() + second.size()), html_escape(before["name"]),
      number_text(median(first)), html_escape(after["name"]), number_text(median(second)), svg);
}

}  // namespace kasuri::profiling
