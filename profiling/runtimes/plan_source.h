#pragma once

#include <string>

#include "engine/base/cancel_token.h"
#include "engine/plan/plan.h"

namespace kasuri::profiling {

class KasuriSession;

/// Does the file begin like a plan file?
bool is_plan_file(const std::string& path);
/// Reads, checks and compiles a plan file on this machine.
Result<PlanPointer> load_plan(const std::string& path, const TaskContext& context);
/// Writes the session's plan.
Status save_plan(const std::string& path, const KasuriSession& session, const TaskContext& context);

}  // namespace kasuri::profiling
