#include "profiling/runtimes/ort_runtime.h"

#include <stdlib.h>

#include <nlohmann/json.hpp>

#include "profiling/runtimes/ort_adapter.h"

namespace kasuri::profiling {

std::string python_program() {
  const char* chosen = getenv("KASURI_PYTHON");
  return chosen != nullptr && *chosen != 0 ? chosen : "python3";
}

WorkerCommand ort_worker_command() {
  return {{python_program(), "-u", "-c", ort_adapter_source()}, {{"PYTHONUNBUFFERED", "1"}}};
}

Result<std::string> ort_version() {
  KASURI_TRY(const auto worker, WorkerClient::start(ort_worker_command(), "ort"));
  KASURI_TRY_IN(const Frame hello, worker->request({{"type", "hello"}}, {}, {}, 60),
                "ONNX Runtime needs the Python package onnxruntime (pip install onnxruntime; "
                "KASURI_PYTHON chooses the interpreter)");
  return hello.header->at("runtime").value("version", "");
}

}  // namespace kasuri::profiling
