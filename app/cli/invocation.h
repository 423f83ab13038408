#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "engine/base/cancel_token.h"

namespace kasuri::cli {

enum ExitCode {
  kDone = 0,
  kWrongModelOrRequest = 1,
  kUsage = 2,
  kOutputsDiffer = 3,
  kRequirementNotMet = 4,
  kCancelled = 5,
  kOurBug = 70,
};

/// What the command line asked for; its result is the process' exit code.
using Action = std::function<Result<int>(const TaskContext&)>;

/// Each command adds its sub-command and sets `action` when it is the one given.
struct Invocation {
  Action action;
  bool quiet = false;
  bool json_progress = false;
};

void add_inspect_command(CLI::App& app, Invocation& invocation);
void add_run_command(CLI::App& app, Invocation& invocation);
void add_optimize_command(CLI::App& app, Invocation& invocation);
void add_profile_command(CLI::App& app, Invocation& invocation);
void add_compare_command(CLI::App& app, Invocation& invocation);
void add_search_command(CLI::App& app, Invocation& invocation);
void add_sweep_command(CLI::App& app, Invocation& invocation);
void add_extract_command(CLI::App& app, Invocation& invocation);
void add_advise_command(CLI::App& app, Invocation& invocation);
void add_early_exit_command(CLI::App& app, Invocation& invocation);
void add_report_command(CLI::App& app, Invocation& invocation);
void add_passes_command(CLI::App& app, Invocation& invocation);
void add_generate_command(CLI::App& app, Invocation& invocation);
void add_diffuse_command(CLI::App& app, Invocation& invocation);
void add_devices_command(CLI::App& app, Invocation& invocation);
void add_worker_command(CLI::App& app, Invocation& invocation);

}  // namespace kasuri::cli
