#include "app/cli/box_option.h"

#include <nlohmann/json.hpp>

#include "profiling/box_run.h"

namespace kasuri::cli {

void add_box_option(CLI::App& command, std::string& size) {
  command.add_option("--box-memory", size,
                     "Also run in a fresh process with so much memory (512MiB): fits, or the step "
                     "and bytes where it fails; exit code 4 if it does not fit");
}

Result<nlohmann::json> box_of(const std::string& size, const CommonOptions& options,
                              const StartedSession& started, const TaskContext& context) {
  if (size.empty()) return nlohmann::json();
  KASURI_TRY_IN(const int64_t limit, bytes_of_text(size), "--box-memory");
  if (limit <= 0) return Error("--box-memory: nothing runs in no memory");
  KASURI_TRY(const auto plan, plan_request(options));
  profiling::SideSpec side;
  side.name = "run";
  side.passes = started.session.has_model() ? options.passes : "plan file";
  side.backend = plan.backend;
  side.threads = plan.threads;
  side.cpus = plan.cpus;
  side.memory_limit = plan.memory_limit;
  KASURI_TRY(side.dims, dims_of(options.dims));
  profiling::SideTask task;
  task.model_path = options.model;
  task.synthesize_weights = options.synthesize_weights;
  task.inputs = &started.session.inputs().values;
  return profiling::run_in_box(side, task, limit, context);
}

}  // namespace kasuri::cli
