#include "profiling/export/bundle.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "profiling/export/comparison_csv.h"
#include "profiling/export/html.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

bool is_one(const json& comparisons) {
  return comparisons.size() == 1 && !comparisons[0].contains("error");
}

}  // namespace

std::string html_of(const json& comparisons) {
  if (!is_one(comparisons)) return html_overview(comparisons);
  return comparisons[0].contains("sides") ? html_report(comparisons[0])
                                          : html_dynamic(comparisons[0]);
}

Result<std::vector<std::string>> write_bundle(const std::string& folder, const json& comparisons) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return Error(fmt::format("cannot make folder {}: {}", folder, failure.message()));
  const json& content = is_one(comparisons) ? comparisons[0] : comparisons;
  std::vector<std::pair<std::string, std::string>> files = {
      {"report.html", html_of(comparisons)},
      {"report.json", content.dump(1) + "\n"},
      {"sides.csv", sides_csv(comparisons)},
      {"outputs.csv", outputs_csv(comparisons)},
      {"passes.csv", passes_csv(comparisons)}};
  if (!is_one(comparisons))
    for (size_t i = 0; i < comparisons.size(); ++i)
      if (!comparisons[i].contains("error"))
        files.emplace_back(fmt::format("report_{}.html", i + 1), html_report(comparisons[i]));
  std::vector<std::string> names;
  for (const auto& [name, text] : files) {
    KASURI_RETURN_IF_ERROR(
        write_file_atomically((std::filesystem::path(folder) / name).string(), text));
    names.push_back(name);
  }
  return names;
}

}  // namespace kasuri::profiling
