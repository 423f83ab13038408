#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/backend/reference/reference_backend.h"

namespace kasuri::profiling {

/// The backends built into this binary, made once per process.
struct EngineBackends {
  std::shared_ptr<const ReferenceBackend> reference;
  std::shared_ptr<const Backend> cpu;

  BackendSet plan_set() const;
  Services services() const { return {*reference, cpu->legality(), cpu->cost_model()}; }
};
const EngineBackends& engine_backends();

/// One line of `kasuri devices`.
struct DeviceLine {
  std::string name;  ///< "cpu", "reference", "cuda", "ort"
  std::string kind;  ///< "device" or "runtime"
  bool available = false;
  std::string detail;  ///< What it is, or why it cannot run here.
};
std::vector<DeviceLine> list_devices();

}  // namespace kasuri::profiling
