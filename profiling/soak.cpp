#include "profiling/soak.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

json describe_drift(const std::string& name, const std::vector<double>& blocks) {
  const auto tenth = static_cast<std::ptrdiff_t>(std::max<size_t>(1, blocks.size() / 10));
  const std::vector<double> first(blocks.begin(), blocks.begin() + tenth),
      last(blocks.end() - tenth, blocks.end());
  const PairedRatio ratio = compare_blocks(first, last);
  const bool drifts = ratio.verdict == Verdict::kFaster || ratio.verdict == Verdict::kSlower;
  return {{"side", name},
          {"first_ms", median(first)},
          {"last_ms", median(last)},
          {"drift", ratio.ratio.estimate - 1},
          {"low", ratio.ratio.low - 1},
          {"high", ratio.ratio.high - 1},
          {"verdict", drifts                            ? "drifts"
                      : ratio.verdict == Verdict::kSame ? "steady"
                                                        : "undecided"}};
}

json describe_sensor(const std::vector<SensorReading>& readings,
                     std::optional<double> SensorReading::* member) {
  const auto read = [&](const SensorReading& reading) {
    const auto& value = reading.*member;
    return value ? json(*value) : json();
  };
  json out = {{"first", nullptr}, {"last", nullptr}};
  if (readings.empty() || !(readings.front().*member)) {
    out["why"] = "not readable on this machine";
    return out;
  }
  out["first"] = read(readings.front());
  out["last"] = read(readings.back());
  out["series"] = json::array();
  for (const SensorReading& reading : readings)
    out["series"].push_back({reading.seconds, read(reading)});
  return out;
}

}  // namespace

json describe_soak(const BlockTimes& times, const std::vector<std::string>& names) {
  json out = {{"seconds", times.seconds}, {"blocks", times.blocks_done}, {"sides", json::array()}};
  for (size_t i = 0; i < times.sides.size(); ++i)
    out["sides"].push_back(describe_drift(names[i], times.sides[i].block_medians));
  out["clock_mhz"] = describe_sensor(times.sensors, &SensorReading::clock_mhz);
  out["temperature_c"] = describe_sensor(times.sensors, &SensorReading::temperature_c);
  return out;
}

}  // namespace kasuri::profiling
