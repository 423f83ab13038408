#pragma once

#include <string>

#include "profiling/worker/worker_client.h"

namespace kasuri::profiling {

/// The Python used for other runtimes: $KASURI_PYTHON, else python3 on PATH.
std::string python_program();

/// ONNX Runtime's version in the user's Python; the reason if it is not there.
Result<std::string> ort_version();

/// Starts the adapter that speaks the worker protocol in the user's own Python.
WorkerCommand ort_worker_command();

}  // namespace kasuri::profiling
