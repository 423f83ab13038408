#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kasuri::profiling {

/// What the machine tells about itself while it measures; empty where it does not.
struct SensorReading {
  double seconds = 0;                   ///< Since the measurement began.
  std::optional<double> clock_mhz;      ///< Mean over the CPUs.
  std::optional<double> temperature_c;  ///< The hottest zone.
};
SensorReading read_sensors();

/// Energy counters of the processor packages (RAPL), in joules; they wrap.
class EnergyMeter {
 public:
  EnergyMeter();
  /// Why there is nothing to read; empty if there is.
  const std::string& why() const { return why_; }
  /// Joules since the last call; empty if nothing can be read.
  std::optional<double> joules_since_last();

 private:
  struct Counter {
    std::string path;
    double range_uj = 0, last_uj = 0;
  };
  std::vector<Counter> counters_;
  std::string why_;
};

}  // namespace kasuri::profiling
