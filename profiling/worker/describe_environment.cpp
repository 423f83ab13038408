#include "profiling/worker/describe_environment.h"

#include <nlohmann/json.hpp>

namespace kasuri::profiling {

nlohmann::json describe_environment(const Environment& environment) {
  return {{"cpu", environment.cpu},
          {"isa", environment.isa},
          {"cores", environment.cores},
          {"affinity", environment.affinity},
          {"governor",
           environment.governor.empty() ? nlohmann::json() : nlohmann::json(environment.governor)},
          {"load", environment.load},
          {"memory_bytes", environment.memory_bytes},
          {"available_bytes", environment.available_bytes},
          {"os", environment.os},
          {"compiler", environment.compiler},
          {"version", environment.version},
          {"build", environment.build},
          {"utc", environment.utc},
          {"warnings", environment.warnings}};
}

}  // namespace kasuri::profiling
