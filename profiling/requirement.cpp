#include "profiling/requirement.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

struct Place {
  const char* pointer;
  bool is_time;
};
const std::map<std::string, Place> kFigures = {
    {"median", {"/latency_ms/median", true}}, {"p90", {"/latency_ms/p90", true}},
    {"p99", {"/latency_ms/p99", true}},       {"mean", {"/latency_ms/mean", true}},
    {"first", {"/first_run_ms", true}},       {"rss", {"/memory/peak_rss_bytes", false}},
    {"arena", {"/memory/arena_bytes", false}}};
const std::map<std::string, double> kTimes = {{"ms", 1}, {"s", 1e3}, {"us", 1e-3}};
const std::map<std::string, double> kSizes = {
    {"B", 1},    {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824},
    {"kB", 1e3}, {"MB", 1e6},   {"GB", 1e9}};

}  // namespace

Result<Requirement> parse_requirement(const std::string& text) {
  const Error wrong(
      fmt::format("--require '{}': write FIGURE<=LIMIT, e.g. p90<=100ms or rss<=512MiB; figures "
                  "are median, mean, "
                  "p90, p99, first, rss, arena",
                  text));
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

json check_requirement(const Requirement& requirement, const json& side) {
  const json::json_pointer place(kFigures.at(requirement.figure).pointer);
  const json value = side.contains(place) ? side.at(place) : json();
  const bool met = value.is_number() && value.get<double>() <= requirement.limit;
  json out = {{"text", requirement.text}, {"met", met}, {"value", value}};
  if (!value.is_number()) out["why"] = "this figure was not measured";
  return out;
}

}  // namespace kasuri::profiling
