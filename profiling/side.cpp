#include "profiling/side.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "profiling/runtimes/other_runtimes.h"
#include "profiling/runtimes/stream_team.h"

namespace kasuri::profiling {
namespace {

Result<double> number(const std::string& key, const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    return Error(fmt::format("side key {}: '{}' is not a number", key, text));
  return value;
}

Result<std::vector<int>> cpu_list(const std::string& text) {
  std::vector<int> cpus;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find(';', start), text.size());
    KASURI_TRY(const double cpu, number("cpus", text.substr(start, end - start)));
    cpus.push_back(static_cast<int>(cpu));
    start = end + 1;
  }
  return cpus;
}

Status set_dim(SideSpec& side, const std::string& name, const std::string& value) {
  KASURI_TRY(const double extent, number("dim." + name, value));
  side.dims[name] = static_cast<int64_t>(extent);
  return Done{};
}

Status set_key(SideSpec& side, const std::string& key, const std::string& value) {
  if (key == "model") {
    side.model = value;
  } else if (key == "passes") {
    side.passes = value;
    std::replace(side.passes.begin(), side.passes.end(), ';', ',');
  } else if (key == "runtime") {
    if (value != "kasuri" && find_runtime(value) == nullptr)
      return Error::unavailable(
          fmt::format("runtime '{}' cannot run here; 'kasuri devices' lists what can", value));
    side.runtime = value;
  } else if (key == "launcher") {
    side.launcher = value;
  } else if (key == "backend") {
    side.backend = value;
  } else if (key == "threads") {
    KASURI_TRY(const double threads, number(key, value));
    if (threads < 1 || threads > 1024) return Error("side key threads: 1 to 1024");
    side.threads = static_cast<int>(threads);
  } else if (key == "streams") {
    KASURI_TRY(const double streams, number(key, value));
    if (streams < 1 || streams > kMostStreams || streams != std::floor(streams))
      return Error(fmt::format("side key streams: 1 to {}", kMostStreams));
    side.streams = static_cast<int>(streams);
  } else if (key == "cpus") {
    KASURI_TRY(side.cpus, cpu_list(value));
  } else if (key == "delay") {
    KASURI_TRY(side.inject_delay_percent, number(key, value));
  } else if (key == "batch") {
    return set_dim(side, "batch", value);
  } else if (key.starts_with("dim.")) {
    return set_dim(side, key.substr(4), value);
  } else if (key.find('.') != std::string::npos) {
    side.settings[key] = value;
  } else {
    return Error(fmt::format(
        "a side has no key '{}'; keys are model, passes, runtime, backend, threads, "
        "streams, cpus, batch, dim.NAME, launcher and runtime settings such as opt.level",
        key));
  }
  return Done{};
}

}  // namespace

Result<SideSpec> parse_side(const std::string& text, const SideSpec& defaults) {
  SideSpec side = defaults;
  const size_t colon = text.find(':');
  side.name = text.substr(0, colon);
  if (side.name.empty()) return Error(fmt::format("side '{}': write NAME:key=value,...", text));
  if (side.name.find('=') != std::string::npos)
    return Error(fmt::format("side '{}': write NAME:key=value,...", text));
  std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1), key;
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    const std::string pair = rest.substr(0, comma);
    rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    const size_t equals = pair.find('=');
    if (key == "passes" && (pair.starts_with('-') || pair.starts_with('+'))) {
      side.passes += "," + pair;
      continue;
    }
    if (equals == std::string::npos)
      return Error(fmt::format("side '{}': '{}' is not key=value", side.name, pair));
    key = pair.substr(0, equals);
    KASURI_RETURN_IF_ERROR(set_key(side, key, pair.substr(equals + 1)));
  }
  return side;
}

}  // namespace kasuri::profiling
