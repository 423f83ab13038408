#include "profiling/sensors.h"

#include <filesystem>
#include <fstream>

namespace kasuri::profiling {
namespace {

namespace fs = std::filesystem;

std::optional<double> number_in(const fs::path& path) {
  std::ifstream file(path);
  double value = 0;
  if (!(file >> value)) return std::nullopt;
  return value;
}

std::optional<double> clock_of_cpuinfo() {
  std::ifstream file("/proc/cpuinfo");
  double sum = 0;
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("cpu MHz")) continue;
    sum += strtod(line.c_str() + line.find(':') + 1, nullptr);
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::optional<double> clock_mhz() {
  std::error_code failure;
  double sum = 0;
  int count = 0;
  for (const auto& entry : fs::directory_iterator("/sys/devices/system/cpu", failure)) {
    const auto kilohertz = number_in(entry.path() / "cpufreq/scaling_cur_freq");
    if (!kilohertz) continue;
    sum += *kilohertz / 1e3;
    ++count;
  }
  return count > 0 ? std::optional(sum / count) : clock_of_cpuinfo();
}

std::optional<double> hottest_zone() {
  std::error_code failure;
  std::optional<double> hottest;
  for (const auto& entry : fs::directory_iterator("/sys/class/thermal", failure)) {
    if (!entry.path().filename().string().starts_with("thermal_zone")) continue;
    const auto millidegrees = number_in(entry.path() / "temp");
    if (millidegrees && (!hottest || *millidegrees / 1e3 > *hottest)) hottest = *millidegrees / 1e3;
  }
  return hottest;
}

}  // namespace

SensorReading read_sensors() { return {0, clock_mhz(), hottest_zone()}; }

EnergyMeter::EnergyMeter() {
  const fs::path root = "/sys/class/powercap";
  std::error_code failure;
  bool seen = false;
  for (const auto& entry : fs::directory_iterator(root, failure)) {
    const std::string name = entry.path().filename();
    // "intel-rapl:0" is a package; "intel-rapl:0:1" is a part of it.
    const bool package = name.starts_with("intel-rapl:") && name.find(':', 11) == std::string::npos;
    if (!package) continue;
    seen = true;
    const fs::path counter = entry.path() / "energy_uj";
    const auto now = number_in(counter);
    if (now)
      counters_.push_back(
          {counter, number_in(entry.path() / "max_energy_range_uj").value_or(0), *now});
  }
  if (!counters_.empty()) return;
  why_ = seen ? "the energy counters (RAPL) may not be read by this user"
              : "this machine shows no energy counters (RAPL)";
}

std::optional<double> EnergyMeter::joules_since_last() {
  if (counters_.empty()) return std::nullopt;
  double microjoules = 0;
  for (Counter& counter : counters_) {
    const auto now = number_in(counter.path);
    if (!now) return std::nullopt;
    const double passed = *now - counter.last_uj;
    microjoules += passed >= 0 ? passed : passed + counter.range_uj;
    counter.last_uj = *now;
  }
  return microjoules / 1e6;
}

}  // namespace kasuri::profiling
