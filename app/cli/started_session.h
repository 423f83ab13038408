#pragma once

#include "app/cli/common_options.h"

namespace kasuri::cli {

/// A model that has run once on the inputs asked for.
struct StartedSession {
  profiling::KasuriSession session;
  double prepare_ms = 0;    ///< File to executor.
  double first_run_ms = 0;  ///< Submit to results.
};

/// Opens, optimises, plans, binds and runs once, as the common options say.
Result<StartedSession> start_session(const CommonOptions& options, const TaskContext& context);

}  // namespace kasuri::cli
