#pragma once

#include <cstdint>
#include <string>

namespace kasuri::profiling {

/// Three significant digits, one decimal from 100 up: "0.123", "4.56", "78.9", "178.2".
std::string number_text(double value);
/// "9.38 MiB", "512 B".
std::string bytes_text(int64_t bytes);
/// "109 M", "622".
std::string count_text(int64_t count);
/// Signed with a true minus: "−19.7 %", "+2.1 %".
std::string percent_text(double ratio_minus_one);
std::string signed_text(double value);

}  // namespace kasuri::profiling
