#include "profiling/compare_models.h"

#include <nlohmann/json.hpp>

#include "profiling/comparison_run.h"
#include "profiling/conclusion.h"

namespace kasuri::profiling {

Result<nlohmann::json> compare_model(const CompareRequest& request, const TaskContext& context) {
  if (request.sides.size() < 2) return Error("a comparison needs at least two sides");
  ComparisonRun run(request, context);
  KASURI_RETURN_IF_ERROR(run.open_model());
  KASURI_RETURN_IF_ERROR(run.prepare_sides());
  KASURI_RETURN_IF_ERROR(run.check_fidelity());
  KASURI_RETURN_IF_ERROR(run.warm_up());
  KASURI_RETURN_IF_ERROR(run.time_blocks());
  KASURI_RETURN_IF_ERROR(run.measure_streams());
  KASURI_RETURN_IF_ERROR(run.measure_memory_of_sides());
  KASURI_RETURN_IF_ERROR(run.measure_cold_starts());
  KASURI_RETURN_IF_ERROR(run.measure_effects());
  KASURI_RETURN_IF_ERROR(run.search());
  nlohmann::json report = run.report();
  report["conclusion"] = conclude(report);
  return report;
}

Result<nlohmann::json> search_model(const CompareRequest& request, const TaskContext& context) {
  if (request.sides.size() != 1 || request.search_seconds <= 0)
    return Error("a search needs one side and a time");
  ComparisonRun run(request, context);
  KASURI_RETURN_IF_ERROR(run.open_model());
  KASURI_RETURN_IF_ERROR(run.prepare_sides());
  KASURI_RETURN_IF_ERROR(run.check_fidelity());
  KASURI_RETURN_IF_ERROR(run.search());
  nlohmann::json report = run.report();
  if (!report.contains("search") || report["sides"][0]["recipe"] == "plan file")
    return Error("nothing to search: a plan file is optimised already; give the model instead");
  nlohmann::json out = {{"recipe", report["sides"][0]["recipe"]},
                        {"environment", report["sides"][0]["environment"]}};
  for (const char* key :
       {"model", "inputs", "reference", "fidelity", "search", "partial", "command", "exit"})
    out[key] = std::move(report[key]);
  return out;
}

}  // namespace kasuri::profiling
