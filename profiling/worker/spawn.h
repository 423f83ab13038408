#pragma once

#include <sys/types.h>

#include "profiling/worker/worker_client.h"

namespace kasuri::profiling {

/// A started child with our ends of its three streams.
struct ChildProcess {
  pid_t pid = -1;
  int in = -1, out = -1, err = -1;
};

/// Starts the command. The child dies with us. Errors (kUnavailable): no such program, no pipes.
Result<ChildProcess> spawn(const WorkerCommand& command);

/// The path of this executable ($KASURI_BIN/kasuri when we are another program).
std::string own_program();

}  // namespace kasuri::profiling
