#include "app/cli/started_session.h"

#include <fmt/format.h>

#include <cstdio>

#include "profiling/clock.h"

namespace kasuri::cli {

Result<StartedSession> start_session(const CommonOptions& options, const TaskContext& context) {
  KASURI_TRY(const auto model, model_request(options));
  KASURI_TRY(const auto plan, plan_request(options));
  KASURI_TRY(const auto inputs, input_request(options));
  StartedSession started;
  profiling::KasuriSession& session = started.session;
  const profiling::Stopwatch prepare;
  KASURI_RETURN_IF_ERROR(session.open(model, context));
  if (session.has_model()) KASURI_RETURN_IF_ERROR(session.optimize(options.passes, context));
  KASURI_RETURN_IF_ERROR(session.make_plan(plan, context));
  started.prepare_ms = prepare.milliseconds();
  KASURI_RETURN_IF_ERROR(session.bind(inputs));
  for (const auto& [name, taken] : session.inputs().taken)
    fmt::print(stderr, "input {}: {}\n", name, taken);
  const profiling::Stopwatch first;
  KASURI_RETURN_IF_ERROR(session.run(context));
  started.first_run_ms = first.milliseconds();
  return started;
}

}  // namespace kasuri::cli
