#pragma once

namespace kasuri::profiling {

/// Serves one side over stdin and stdout until `quit` or the end of stdin; see README.md. Returns
/// the process' exit code. Anything else the process prints to stdout is sent to stderr.
int serve_worker();

}  // namespace kasuri::profiling
