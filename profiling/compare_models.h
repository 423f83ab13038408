#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/cancel_token.h"
#include "profiling/comparison.h"
#include "profiling/inputs.h"
#include "profiling/requirement.h"
#include "profiling/side.h"

namespace kasuri::profiling {

struct CompareRequest {
  std::string model;
  bool synthesize_weights = false;
  std::map<std::string, int64_t> dims;
  InputRequest inputs;
  std::vector<SideSpec> sides;  ///< The first is the baseline; at least one more.
  BlockOptions blocks;
  double warm_up_seconds = 10;
  bool time_identical = false;  ///< A/A self-test: time sides whose plans are equal, too.
  bool check_fidelity = true;
  bool measure_memory = true;
  int64_t box_bytes = 0;      ///< Also run every side with so much memory; 0: no.
  double search_seconds = 0;  ///< Look for a better recipe for so long; 0: no search.
  bool search_exact = false;  ///< Only among passes that keep every bit.
  /// Sees the trials of a search as they come (SearchRequest).
  std::function<void(const nlohmann::json& trial)> on_trial;
  bool bisect = false;  ///< Name the sites of passes that slow the model down.
  bool cold_start = false;
  bool each_pass = false;  ///< Also the effect of every pass: cumulative, alone, left out.
  std::vector<Requirement> requirements;
  std::optional<double> fail_if_slower_percent;
  std::string command;  ///< The line that reproduces this.
};

/// One comparison from file to report: the object of `compare --json` (PRODUCT.md). It carries
/// "exit": 0, 3 (outputs differ, or a pass was blocked), 5 (cancelled, partial) or 4 (a requirement
/// was not met).
/// Errors: a side that cannot be prepared or dies, cancellation before enough blocks.
Result<nlohmann::json> compare_model(const CompareRequest& request, const TaskContext& context);

/// Only the search, from the recipe of the one side given:
///   {"model", "recipe", "environment", "inputs", "reference", "fidelity", "search", "partial",
///    "command", "exit": 0 or 3}
/// Errors: as above; cancellation before the first trial.
Result<nlohmann::json> search_model(const CompareRequest& request, const TaskContext& context);

}  // namespace kasuri::profiling
