#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "profiling/worker/worker_client.h"

namespace kasuri::profiling {

/// A worker started by an existing launcher: "ssh box", "srun -N1", "kubectl exec -i pod --". The
/// words are split as a shell does (quotes, backslash); "kasuri worker" follows them, or stands
/// where {worker} does. `kasuri` is what the other machine finds on its PATH, or $KASURI_REMOTE.
/// Errors: an open quote, no words.
Result<WorkerCommand> launched_worker_command(const std::string& launcher);

/// Words of a command line; quotes and backslashes as in a shell, nothing is expanded.
Result<std::vector<std::string>> shell_words(const std::string& text);

}  // namespace kasuri::profiling
