#include "passes/optimize.h"

namespace kasuri {

Result<OptimizedGraph> optimize(const Graph& imported, const Recipe& recipe,
                                const Services& services, const TaskContext& context) {
  return PassManager(catalogue(), recipe, services).run(imported, context);
}

Result<std::vector<RewriteEntry>> check_sites(const Graph& imported, const Recipe& recipe,
                                              const Services& services,
                                              const TaskContext& context) {
  KASURI_TRY(const OptimizedGraph result, optimize(imported, recipe, services, context));
  return result.log.entries();
}

}  // namespace kasuri
