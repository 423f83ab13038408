#include "profiling/runtimes/plan_source.h"

namespace kasuri::profiling {

bool is_plan_file(const std::string&) { return false; }

Result<PlanPointer> load_plan(const std::string& path, const TaskContext&) {
  return Error("not a plan file: " + path);
}

Status save_plan(const std::string& path, const KasuriSession&, const TaskContext&) {
  return Error::unavailable("plan files cannot be written yet: " + path);
}

}  // namespace kasuri::profiling
