#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "profiling/runtimes/backends.h"
#include "profiling/runtimes/ort_runtime.h"

namespace kasuri::profiling {
namespace {

DeviceLine cuda_line() {
  std::error_code ignored;
  const bool driver = std::filesystem::exists("/dev/nvidia0", ignored);
  return {"cuda", "device", false,
          driver
              ? "an NVIDIA GPU is present, but this build has no CUDA backend"
              : "no NVIDIA driver found (/dev/nvidia0 is absent); this build has no CUDA backend"};
}

DeviceLine ort_line() {
  const auto version = ort_version();
  if (version.ok()) return {"ort", "runtime", true, "ONNX Runtime " + *version};
  return {"ort", "runtime", false, version.error().text()};
}

}  // namespace

std::vector<DeviceLine> list_devices() {
  return {
      {"cpu", "device", true, engine_backends().cpu->description()},
      {"reference", "device", true, "plain loops on the CPU, the truth others are compared with"},
      cuda_line(),
      ort_line(),
      {"openvino", "runtime", false, "no adapter in this version"}};
}

}  // namespace kasuri::profiling
