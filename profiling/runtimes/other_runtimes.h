#pragma once

#include <span>
#include <string>

#include "profiling/worker/worker_client.h"

namespace kasuri::profiling {

/// A runtime other than Kasuri, from the user's own installation.
struct OtherRuntime {
  const char* name;          ///< In a SIDE: "ort".
  const char* label;         ///< "ONNX Runtime"
  const char* package;       ///< Of Python: what to install.
  const char* (*adapter)();  ///< Its part of the adapter, see adapter_protocol.h.
};
std::span<const OtherRuntime> other_runtimes();
/// nullptr: no such runtime.
const OtherRuntime* find_runtime(const std::string& name);

/// The Python used for other runtimes: $KASURI_PYTHON, else python3 on PATH.
std::string python_program();
/// Of the user's Python, and how to choose another one: for messages.
std::string what_it_needs(const OtherRuntime& runtime);
/// Starts the adapter that speaks the worker protocol in the user's own Python.
WorkerCommand adapter_command(const OtherRuntime& runtime);
/// The version in the user's Python; the reason if it is not there.
Result<std::string> version_of(const OtherRuntime& runtime);

}  // namespace kasuri::profiling
