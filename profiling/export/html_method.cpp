#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"

namespace kasuri::profiling {

using nlohmann::json;

std::string method_words(const json& report, const Words& w) {
  const json& known = report["reference"]["method"];
  if (!known.is_string()) return "";
  constexpr std::string_view kCached = ", cached", kSpot = "spot check: ";
  std::string method = known.get<std::string>();
  const bool cached = method.ends_with(kCached);
  if (cached) method.resize(method.size() - kCached.size());
  std::string words = method.starts_with(kSpot)
                          ? w("spot check") + ": " + w.reason(method.substr(kSpot.size()))
                          : w(method);
  return cached ? w.say("{}, kept from an earlier run", words) : words;
}

double largest_relative_error(const json& fidelity) {
  double worst = 0;
  for (const json& output : fidelity["outputs"])
    if (const double largest = output["largest"].get<double>(); largest > 0)
      worst = std::max(worst, output["max_abs"].get<double>() / largest);
  return worst;
}

}  // namespace kasuri::profiling
