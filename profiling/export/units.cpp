#include "profiling/export/units.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>

namespace kasuri::profiling {

std::string number_text(double value) {
  const double size = std::fabs(value);
  if (size == 0) return "0";
  if (size >= 10) return fmt::format("{:.1f}", value);
  if (size >= 1) return fmt::format("{:.2f}", value);
  if (size >= 0.001) return fmt::format("{:.3f}", value);
  return fmt::format("{:.1e}", value);
}

std::string bytes_text(int64_t bytes) {
  static constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (std::fabs(value) >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  if (unit == 0) return fmt::format("{} B", bytes);
  return fmt::format("{} {}", number_text(value), kUnits[unit]);
}

std::string count_text(int64_t count) {
  if (count < 10000) return fmt::format("{}", count);
  if (count < 1000000) return number_text(static_cast<double>(count) / 1e3) + " k";
  if (count < 1000000000) return number_text(static_cast<double>(count) / 1e6) + " M";
  return number_text(static_cast<double>(count) / 1e9) + " G";
}

std::string signed_text(double value) {
  return (value < 0 ? "\u2212" : "+") + number_text(std::fabs(value));
}

std::string percent_text(double ratio_minus_one) {
  return fmt::format("{}{:.1f} %", ratio_minus_one < 0 ? "\u2212" : "+",
                     std::fabs(ratio_minus_one) * 100);
}

}  // namespace kasuri::profiling
