#include "profiling/environment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "profiling/build_identity.h"

#ifndef KASURI_VERSION
#define KASURI_VERSION "0.1.0"
#endif

namespace kasuri::profiling {
namespace {

std::string after_colon(const std::string& line) {
  const size_t colon = line.find(':');
  const size_t start = line.find_first_not_of(" \t", colon + 1);
  return colon == std::string::npos || start == std::string::npos ? "" : line.substr(start);
}

/// First line of a file of "key : value" lines with this key.
std::string field_of(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key)) return after_colon(line);
  return "";
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string relevant_isa(const std::string& flags) {
  static constexpr std::array kRelevant = {"sse4_2",   "avx",      "avx2",        "fma",
                                           "f16c",     "avx512f",  "avx512_vnni", "avx512_bf16",
                                           "amx_bf16", "amx_int8", "asimd",       "sve"};
  std::string out;
  std::istringstream words(flags);
  for (std::string word; words >> word;)
    if (std::find(kRelevant.begin(), kRelevant.end(), word) != kRelevant.end())
      out += (out.empty() ? "" : " ") + word;
  return out;
}

std::vector<int> usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  return cpus;
}

std::string operating_system() {
  std::string name;
  std::ifstream release("/etc/os-release");
  for (std::string line; std::getline(release, line);)
    if (line.starts_with("PRETTY_NAME=")) name = line.substr(12);
  std::erase(name, '"');
  utsname system{};
  if (uname(&system) != 0) return name;
  return fmt::format("{}{}{} {}", name, name.empty() ? "" : ", ", system.sysname, system.release);
}

int64_t kibibytes(const std::string& text) { return strtoll(text.c_str(), nullptr, 10) * 1024; }

std::string utc_now() {
  const time_t now = time(nullptr);
  tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

}  // namespace

Status check_cpus(const std::vector<int>& cpus) {
  const std::vector<int> usable = usable_cpus();
  for (int cpu : cpus)
    if (std::find(usable.begin(), usable.end(), cpu) == usable.end())
      return Error(fmt::format("CPU {} cannot be used here (--cpus); usable are {}", cpu,
                               fmt::join(usable, ", ")));
  return Done{};
}

Environment read_environment() {
  Environment found;
  found.cpu = field_of("/proc/cpuinfo", "model name");
  found.isa = relevant_isa(field_of("/proc/cpuinfo", "flags"));
  if (found.isa.empty()) found.isa = relevant_isa(field_of("/proc/cpuinfo", "Features"));
  found.affinity = usable_cpus();
  found.cores = static_cast<int>(found.affinity.size());
  const int cpu = found.affinity.empty() ? 0 : found.affinity.front();
  found.governor =
      first_line(fmt::format("/sys/devices/system/cpu/cpu{}/cpufreq/scaling_governor", cpu));
  double load = 0;
  if (getloadavg(&load, 1) == 1) found.load = load;
  found.memory_bytes = kibibytes(field_of("/proc/meminfo", "MemTotal"));
  found.available_bytes = kibibytes(field_of("/proc/meminfo", "MemAvailable"));
  found.os = operating_system();
  found.compiler = "g++ " __VERSION__;
  found.version = KASURI_VERSION;
  found.build = build_identity();
  found.utc = utc_now();
  if (found.load > 0.5 * std::max(1, found.cores))
    found.warnings.push_back(fmt::format("busy machine: load {:.1f} on {} cores before measuring",
                                         found.load, found.cores));
  if (!found.governor.empty() && found.governor != "performance")
    found.warnings.push_back(fmt::format("CPU governor is '{}'", found.governor));
  return found;
}

}  // namespace kasuri::profiling
