#include "profiling/runtimes/other_runtimes.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <nlohmann/json.hpp>

#include "profiling/runtimes/adapter_protocol.h"
#include "profiling/runtimes/openvino_adapter.h"
#include "profiling/runtimes/ort_adapter.h"

namespace kasuri::profiling {

std::span<const OtherRuntime> other_runtimes() {
  static constexpr OtherRuntime kRuntimes[] = {
      {"ort", "ONNX Runtime", "onnxruntime", ort_adapter},
      {"openvino", "OpenVINO", "openvino", openvino_adapter}};
  return kRuntimes;
}

const OtherRuntime* find_runtime(const std::string& name) {
  for (const OtherRuntime& runtime : other_runtimes())
    if (runtime.name == name) return &runtime;
  return nullptr;
}

std::string python_program() {
  const char* chosen = getenv("KASURI_PYTHON");
  return chosen != nullptr && *chosen != 0 ? chosen : "python3";
}

WorkerCommand adapter_command(const OtherRuntime& runtime) {
  return {{python_program(), "-u", "-c", adapter_source(runtime.adapter())},
          {{"PYTHONUNBUFFERED", "1"}}};
}

std::string what_it_needs(const OtherRuntime& runtime) {
  return fmt::format(
      "{} needs the Python package {} (pip install {}; KASURI_PYTHON chooses the "
      "interpreter)",
      runtime.label, runtime.package, runtime.package);
}

Result<std::string> version_of(const OtherRuntime& runtime) {
  KASURI_TRY(const auto worker, WorkerClient::start(adapter_command(runtime), runtime.name));
  KASURI_TRY_IN(const Frame hello, worker->request({{"type", "hello"}}, {}, {}, 60),
                what_it_needs(runtime));
  return hello.header->at("runtime").value("version", "");
}

}  // namespace kasuri::profiling
