#pragma once

#include "engine/base/cancel_token.h"

namespace kasuri::cli {

/// Ctrl-C and SIGTERM cancel the token; a second Ctrl-C ends the process with exit code 5.
void cancel_on_interrupt(const CancelToken& token);

/// libgomp reads OMP_WAIT_POLICY before main(): sets it and starts this program once more if it is
/// not set. Returns only if nothing was to do or exec failed.
void restart_with_passive_openmp(char** argv);

}  // namespace kasuri::cli
