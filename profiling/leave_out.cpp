#include "profiling/leave_out.h"

#include <algorithm>

namespace kasuri::profiling {

Result<std::vector<std::string>> passes_to_leave_out(
    const std::vector<std::string>& passes,
    const std::function<Result<bool>(const std::vector<std::string>& left_out)>& works) {
  std::vector<std::string> reversed(passes.rbegin(), passes.rend());
  for (const std::string& pass : reversed) {
    KASURI_TRY(const bool right, works({pass}));
    if (right) return std::vector<std::string>{pass};
  }
  std::vector<std::string> several;
  for (const std::string& pass : reversed) {
    several.push_back(pass);
    if (several.size() == 1) continue;
    KASURI_TRY(const bool right, works(several));
    if (right) return several;
  }
  return std::vector<std::string>();
}

Result<std::vector<std::string>> guilty_parts(
    std::vector<std::string> parts,
    const std::function<Result<bool>(const std::vector<std::string>& left_out)>& works) {
  while (parts.size() > 1) {
    const auto middle = parts.begin() + static_cast<std::ptrdiff_t>(parts.size() / 2);
    const std::vector<std::string> first(parts.begin(), middle), second(middle, parts.end());
    KASURI_TRY(const bool by_first, works(first));
    if (by_first) {
      parts = first;
      continue;
    }
    KASURI_TRY(const bool by_second, works(second));
    if (!by_second) break;
    parts = second;
  }
  return parts;
}

std::string without_passes(const std::string& spec, const std::vector<std::string>& left_out) {
  std::string out = spec;
  for (const std::string& pass : left_out) out += ",-" + pass;
  return out;
}

}  // namespace kasuri::profiling
