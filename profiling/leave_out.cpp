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

std::string without_passes(const std::string& spec, const std::vector<std::string>& left_out) {
  std::string out = spec;
  for (const std::string& pass : left_out) out += ",-" + pass;
  return out;
}

}  // namespace kasuri::profiling
