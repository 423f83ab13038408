#pragma once

#include <optional>

#include "app/cli/common_options.h"
#include "app/cli/report_options.h"
#include "profiling/compare_models.h"

namespace kasuri::cli {

/// Options of the commands that compare sides, as given.
struct CompareOptions {
  CommonOptionsPointer common;
  std::string before = "none", after = "default", baseline;
  std::vector<std::string> sides, requirements;
  std::string report;
  ReportOptions page;
  int samples = 0, blocks = 0, streams = 1;
  double min_time = 0;
  std::optional<double> fail_if_slower;
  bool time_identical = false, no_fidelity = false, no_memory = false, each_pass = false;
  bool cold_start = false, bisect = false;
  std::string search, save_recipe, box_memory;
  std::string search_option = "--search";  ///< What the user calls `search`.
  std::vector<std::string> more;           ///< Models besides common->model.
  std::vector<std::string> beside;  ///< Runtimes: the original and the exported file in each.
  std::vector<int> threads;         ///< Every side at each of these; empty: common->threads.
  std::string duration;             ///< "30m"; empty: no soak.
  std::string command;
};

/// Adds everything besides MODEL and the common options.
void add_compare_options(CLI::App& command, CompareOptions& options);
/// Errors: a malformed side, dimension, input or requirement; two sides of one name.
Result<profiling::CompareRequest> compare_request(const CompareOptions& options);

}  // namespace kasuri::cli
