#include "profiling/runtimes/backends.h"

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/base/atomic_file.h"

namespace kasuri::profiling {
namespace {

EngineBackends make_backends() {
  const auto cache = cache_folder("kernels");
  auto cpu = cpu::create_backend(cache.ok() ? *cache : "");
  KASURI_CHECK(cpu.ok(),
               "the CPU backend starts everywhere: " + (cpu.ok() ? "" : cpu.error().text()));
  return {std::make_shared<const ReferenceBackend>(), *cpu};
}

}  // namespace

BackendSet EngineBackends::plan_set() const { return {{cpu}, reference}; }

const EngineBackends& engine_backends() {
  static const EngineBackends backends = make_backends();
  return backends;
}

}  // namespace kasuri::profiling
