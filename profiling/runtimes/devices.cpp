#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "profiling/runtimes/backends.h"
#include "profiling/runtimes/other_runtimes.h"

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

DeviceLine runtime_line(const OtherRuntime& runtime) {
  const auto version = version_of(runtime);
  if (version.ok())
    return {runtime.name, "runtime", true, std::string(runtime.label) + " " + *version};
  return {runtime.name, "runtime", false, version.error().text()};
}

}  // namespace

std::vector<DeviceLine> list_devices() {
  std::vector<DeviceLine> lines = {
      {"cpu", "device", true, engine_backends().cpu->description()},
      {"reference", "device", true, "plain loops on the CPU, the truth others are compared with"},
      cuda_line()};
  for (const OtherRuntime& runtime : other_runtimes()) lines.push_back(runtime_line(runtime));
  return lines;
}

}  // namespace kasuri::profiling
