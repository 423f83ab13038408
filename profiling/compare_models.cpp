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
  KASURI_RETURN_IF_ERROR(run.measure_memory_of_sides());
  KASURI_RETURN_IF_ERROR(run.measure_cold_starts());
  KASURI_RETURN_IF_ERROR(run.measure_effects());
  KASURI_RETURN_IF_ERROR(run.search());
  nlohmann::json report = run.report();
  report["conclusion"] = conclude(report);
  return report;
}

}  // namespace kasuri::profiling
