#include "profiling/runtimes/plan_source.h"

#include <array>
#include <fstream>
#include <string_view>

#include "engine/plan/plan_file.h"
#include "profiling/environment.h"
#include "profiling/runtimes/backends.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

bool is_plan_file(const std::string& path) {
  if (path.ends_with(".kplan")) return true;
  static constexpr std::string_view kMagic = "KASURIPL";
  std::array<char, kMagic.size()> start = {};
  std::ifstream file(path, std::ios::binary);
  return file.read(start.data(), start.size()) &&
         std::string_view(start.data(), start.size()) == kMagic;
}

Result<PlanPointer> load_plan(const std::string& path, const TaskContext& context) {
  KASURI_TRY(const PlanFileContent content, kasuri::load_plan(path));
  KASURI_TRY_IN(PlanPointer plan,
                make_plan(content.graph, content.decisions, engine_backends().plan_set(),
                          content.options, context),
                "preparing " + path);
  return plan;
}

Status save_plan(const std::string& path, const KasuriSession& session,
                 const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(context.cancel.check());
  PlanFileContent content;
  content.graph = session.optimized().graph;
  content.decisions = session.optimized().decisions;
  content.options.threads = session.plan_request().threads;
  content.options.memory_limit = session.plan_request().memory_limit;
  content.options.reference_only = session.plan_request().backend == "reference";
  content.made_by = "kasuri " + read_environment().version;
  content.environment = engine_backends().cpu->description();
  return kasuri::save_plan(path, content);
}

}  // namespace kasuri::profiling
