#include "profiling/requirement.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

struct Place {
  const char* pointer;
  bool is_time;
};
const std::map<std::string, Place> kFigures = {
    {"median", {"/latency_ms/median", true}},  {"p90", {"/latency_ms/p90", true}},
    {"p99", {"/latency_ms/p99", true}},        {"mean", {"/latency_ms/mean", true}},
    {"first", {"/first_run_ms", true}},        {"rss", {"/memory/peak_rss_bytes", false}},
    {"arena", {"/memory/arena_bytes", false}}, {"box", {"/box/peak_bytes", false}}};
const std::map<std::string, double> kTimes = {{"ms", 1}, {"s", 1e3}, {"us", 1e-3}};
const std::map<std::string, double> kSizes = {
    {"B", 1},    {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824},
    {"kB", 1e3}, {"MB", 1e6},   {"GB", 1e9}};

struct OutputFigure {
  const char *key, *unit;  ///< In an output of the report's "fidelity"; the unit of a limit.
  bool at_least;
  double scale;  ///< Of the limit.
};
const std::map<std::string, OutputFigure> kOutputFigures = {
    {"max_abs", {"max_abs", "", false, 1}},
    {"max_rel", {"max_rel", "", false, 1}},
    {"cosine", {"cosine", "", true, 1}},
    {"sqnr", {"sqnr_db", "dB", true, 1}},
    {"argmax", {"argmax_agreement", "%", true, 0.01}}};

/// "33ms" -> 33; empty if it is no time.
std::optional<double> milliseconds(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto unit = kTimes.find(std::string(end, text.data() + text.size()));
  if (error != std::errc() || unit == kTimes.end()) return std::nullopt;
  return value * unit->second;
}

std::optional<double> plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "deadline 33ms misses<=0.1%"
std::optional<Requirement> parse_deadline(const std::string& text) {
  constexpr std::string_view kHead = "deadline ", kMiddle = " misses<=";
  const size_t middle = text.find(kMiddle);
  if (!text.starts_with(kHead) || middle == std::string::npos || !text.ends_with('%'))
    return std::nullopt;
  const auto deadline =
      milliseconds(std::string_view(text).substr(kHead.size(), middle - kHead.size()));
  const size_t begin = middle + kMiddle.size();
  const auto percent = plain_number(std::string_view(text).substr(begin, text.size() - begin - 1));
  if (!deadline || !percent) return std::nullopt;
  return Requirement{text, "misses", *percent / 100, *deadline};
}

json check_deadline(const Requirement& requirement, const json& side) {
  json out = {{"text", requirement.text}, {"met", false}, {"value", nullptr}};
  const json samples = side.value("samples_ms", json::array());
  const double needed = requirement.limit > 0 ? 1 / requirement.limit : 0;
  size_t missed = 0;
  for (const json& ms : samples) missed += ms.get<double>() > requirement.deadline_ms ? 1 : 0;
  if (samples.empty()) {
    out["why"] = "no runs were timed";
    return out;
  }
  const double share = static_cast<double>(missed) / static_cast<double>(samples.size());
  out["value"] = share;
  out["met"] = share <= requirement.limit;
  if (missed == 0 && static_cast<double>(samples.size()) < needed)
    out["why"] = fmt::format("no miss in {} runs; such a share shows in {:.0f} (--samples)",
                             samples.size(), needed);
  return out;
}

/// Whether the side ran with so much memory, not what it took without a limit.
json check_box(const Requirement& requirement, const json& side) {
  const json box = side.value("box", json());
  json out = {{"text", requirement.text}, {"met", false}, {"value", nullptr}};
  if (!box.is_object()) {
    out["why"] = "no run was made with so much memory";
    return out;
  }
  out["met"] = box["fits"] == true;
  out["value"] = box["peak_bytes"].is_number() ? box["peak_bytes"] : box["needed_bytes"];
  if (!out["met"].get<bool>()) out["why"] = box["why"];
  return out;
}

/// "cosine>=0.999", "argmax>=99%"
std::optional<Requirement> parse_output_figure(const std::string& text) {
  const std::string figure = text.substr(0, text.find_first_of("<>"));
  const auto known = kOutputFigures.find(figure);
  if (known == kOutputFigures.end()) return std::nullopt;
  const OutputFigure& about = known->second;
  std::string_view rest = std::string_view(text).substr(figure.size());
  if (!rest.starts_with(about.at_least ? ">=" : "<=") || !rest.ends_with(about.unit))
    return std::nullopt;
  rest.remove_prefix(2);
  rest.remove_suffix(std::string_view(about.unit).size());
  const auto limit = plain_number(rest);
  if (!limit) return std::nullopt;
  return Requirement{text, figure, *limit * about.scale};
}

/// The worst of the outputs that have the figure.
json check_outputs(const Requirement& requirement, const json& fidelity) {
  const OutputFigure& about = kOutputFigures.at(requirement.figure);
  json out = {{"text", requirement.text}, {"met", false}, {"value", nullptr}};
  const json outputs = fidelity.is_object() ? fidelity.value("outputs", json()) : json();
  for (const json& output : outputs) {
    const json value = output.value(about.key, json());
    if (!value.is_number()) continue;
    const bool worse = out["value"].is_null() || (about.at_least ? value < out["value"]  //
                                                                 : value > out["value"]);
    if (worse) out["value"] = value;
  }
  if (out["value"].is_null())
    out["why"] = outputs.empty() ? "the outputs were not compared" : "no output has this figure";
  else
    out["met"] = about.at_least ? out["value"].get<double>() >= requirement.limit
                                : out["value"].get<double>() <= requirement.limit;
  return out;
}

/// Why a side has no such figure.
std::string why_missing(const json& side, const std::string& figure) {
  for (const std::string& place : {"/latency_ms/" + figure + "_why", std::string("/latency_why"),
                                   "/memory/peak_" + figure + "_why", "/" + figure + "_why"})
    if (const json::json_pointer pointer(place); side.contains(pointer))
      if (const json& why = side.at(pointer); why.is_string()) return why.get<std::string>();
  return "this figure was not measured";
}

}  // namespace

Result<Requirement> parse_requirement(const std::string& text) {
  const Error wrong(fmt::format(
      "--require '{}': write FIGURE<=LIMIT with its unit, e.g. p90<=100ms, rss<=512MiB, "
      "throughput>=30, 'deadline 33ms misses<=0.1%', max_abs<=1e-4 or cosine>=0.999; figures are "
      "median, mean, p90, p99, first, rss, arena, box, throughput, deadline, max_abs, max_rel, "
      "cosine, sqnr, argmax",
      text));
  if (const auto deadline = parse_deadline(text)) return *deadline;
  if (const auto outputs = parse_output_figure(text)) return *outputs;
  constexpr std::string_view kThroughput = "throughput>=";
  if (text.starts_with(kThroughput)) {
    std::string_view limit = std::string_view(text).substr(kThroughput.size());
    if (limit.ends_with("/s")) limit.remove_suffix(2);
    const auto items = plain_number(limit);
    if (!items) return wrong;
    return Requirement{text, "throughput", *items};
  }
  const size_t sign = text.find("<=");
  if (sign == std::string::npos) return wrong;
  Requirement requirement{text, text.substr(0, sign)};
  const auto figure = kFigures.find(requirement.figure);
  if (figure == kFigures.end()) return wrong;
  const char* end_of_text = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + sign + 2, end_of_text, requirement.limit);
  const auto& units = figure->second.is_time ? kTimes : kSizes;
  const auto unit = units.find(std::string(end, end_of_text));
  if (error != std::errc() || unit == units.end()) return wrong;
  requirement.limit *= unit->second;
  return requirement;
}

std::string required_figure(const json& checked) {
  const std::string text = checked["text"];
  const json value = checked.value("value", json());
  const auto about = [&text](const char* figure) { return text.starts_with(figure); };
  if (!value.is_number()) return "–";
  const double number = value.get<double>();
  if (about("rss") || about("arena") || about("box"))
    return bytes_text(static_cast<int64_t>(number));
  if (about("deadline") || about("argmax")) return fmt::format("{:.2f} %", number * 100);
  if (about("throughput")) return number_text(number) + " items/s";
  if (about("not slower")) return percent_text(number - 1);
  if (about("max_")) return fmt::format("{:.1e}", number);
  if (about("cosine")) return fmt::format("{:.7f}", number);
  if (about("sqnr")) return fmt::format("{:.1f} dB", number);
  return number_text(number) + " ms";
}

json check_requirement(const Requirement& requirement, const json& side, const json& fidelity) {
  if (kOutputFigures.contains(requirement.figure)) return check_outputs(requirement, fidelity);
  if (requirement.figure == "misses") return check_deadline(requirement, side);
  if (requirement.figure == "box") return check_box(requirement, side);
  const bool at_least = requirement.figure == "throughput";
  const json::json_pointer place(at_least ? "/throughput/items_per_s"
                                          : kFigures.at(requirement.figure).pointer);
  const json value = side.contains(place) ? side.at(place) : json();
  const bool met = value.is_number() && (at_least ? value.get<double>() >= requirement.limit
                                                  : value.get<double>() <= requirement.limit);
  json out = {{"text", requirement.text}, {"met", met}, {"value", value}};
  if (!value.is_number()) out["why"] = why_missing(side, requirement.figure);
  return out;
}

}  // namespace kasuri::profiling
