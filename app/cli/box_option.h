#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/cli/started_session.h"

namespace kasuri::cli {

/// --box-memory SIZE of commands that run one model.
void add_box_option(CLI::App& command, std::string& size);

/// The run of a started session once more in a fresh process with that much memory
/// (profiling/box_run.h); null when `size` is empty.
Result<nlohmann::json> box_of(const std::string& size, const CommonOptions& options,
                              const StartedSession& started, const TaskContext& context);

}  // namespace kasuri::cli
