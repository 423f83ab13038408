#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/compare_models.h"

namespace kasuri::profiling {

/// A dynamic dimension and the sizes it takes.
struct SweepAxis {
  std::string name;
  std::vector<int64_t> values;
};

struct SweepRequest {
  CompareRequest compare;  ///< Of every cell, but for its dimensions and threads.
  std::vector<SweepAxis> dims;
  std::vector<int> threads{1};
  std::string file;  ///< Keeps finished cells; empty: none.
};

/// One comparison per combination of sizes and threads, in the order given, the last axis fastest:
///   {"model": path, "sides": [what each is], "asked": inputs, "axes": [{name, values}], "cells":
///   [{"at": {name: value},
///    "report": the comparison, or {"model", "exit", "error"}}], "partial": true where cancelled}
/// With a file, every cell is written at once, and those found in it that were measured to the end
/// are not measured again; cells of the file that are not asked for stay in it. A cell that fails
/// becomes a row with its reason. `on_cell` sees every cell, old or new. Errors: cancellation
/// before the first cell, a file of another sweep or measured elsewhere (sweep_file.h), wrong
/// requests.
Result<nlohmann::json> sweep_model(const SweepRequest& request,
                                   const std::function<void(const nlohmann::json& cell)>& on_cell,
                                   const TaskContext& context);

/// "batch 8, seq 128, threads 2"
std::string sweep_cell_title(const nlohmann::json& cell);

}  // namespace kasuri::profiling
