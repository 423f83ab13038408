#include "profiling/export/bundle.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/atomic_file.h"
#include "profiling/export/comparison_csv.h"
#include "profiling/export/html.h"
#include "profiling/sweep.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

using Files = std::vector<std::pair<std::string, std::string>>;  // names and texts

bool is_one(const json& comparisons) {
  return comparisons.size() == 1 && !comparisons[0].contains("error");
}

Files tables_of(const json& comparisons) {
  return {{"sides.csv", sides_csv(comparisons)},
          {"outputs.csv", outputs_csv(comparisons)},
          {"passes.csv", passes_csv(comparisons)}};
}

void add_single_reports(const json& comparisons, Files& files) {
  for (size_t i = 0; i < comparisons.size(); ++i)
    if (!comparisons[i].contains("error"))
      files.emplace_back(fmt::format("report_{}.html", i + 1), html_report(comparisons[i]));
}

Result<std::vector<std::string>> write_files(const std::string& folder, const Files& files) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return Error(fmt::format("cannot make folder {}: {}", folder, failure.message()));
  std::vector<std::string> names;
  for (const auto& [name, text] : files) {
    KASURI_RETURN_IF_ERROR(
        write_file_atomically((std::filesystem::path(folder) / name).string(), text));
    names.push_back(name);
  }
  return names;
}

}  // namespace

std::string html_of(const json& comparisons) {
  if (!is_one(comparisons)) return html_overview(comparisons);
  return comparisons[0].contains("sides") ? html_report(comparisons[0])
                                          : html_dynamic(comparisons[0]);
}

Result<std::vector<std::string>> write_bundle(const std::string& folder, const json& comparisons) {
  const json& content = is_one(comparisons) ? comparisons[0] : comparisons;
  Files files = tables_of(comparisons);
  files.emplace_back("report.html", html_of(comparisons));
  files.emplace_back("report.json", content.dump(1) + "\n");
  if (!is_one(comparisons)) add_single_reports(comparisons, files);
  return write_files(folder, files);
}

Result<std::vector<std::string>> write_matrix_bundle(const std::string& folder,
                                                     const json& matrix) {
  json comparisons = json::array();
  for (const json& cell : matrix["cells"]) {
    comparisons.push_back(cell["report"]);
    comparisons.back()["at"] = sweep_cell_title(cell);
  }
  Files files = tables_of(comparisons);
  files.emplace_back("report.html", html_matrix(matrix));
  files.emplace_back("report.json", matrix.dump(1) + "\n");
  add_single_reports(comparisons, files);
  return write_files(folder, files);
}

}  // namespace kasuri::profiling
