#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "profiling/comparison.h"
#include "profiling/fidelity/output_difference.h"
#include "profiling/side_worker.h"
#include "profiling/throughput.h"

namespace kasuri::profiling {

class PassEffects;

/// One side while a comparison runs.
struct ComparedSide {
  SideSpec spec;  ///< As asked for.
  SideTask task;
  std::unique_ptr<SideWorker> worker;
  FidelityResult fidelity;
  FidelityResult unblocked_fidelity;  ///< What the passes asked for did, where some were blocked.
  std::vector<std::string> blocked;   ///< Passes left out because they broke the outputs.
  std::vector<std::string> guilty;    ///< The rule or the sites of a blocked pass that did it.
  bool identical_to_baseline = false;
  std::optional<SideTimes> times;
  std::optional<StreamTimes> streams;  ///< If a side of the comparison has more than one.
  std::string streams_why;             ///< Why they were not measured although asked for.
  std::shared_ptr<const nlohmann::json> memory;
  std::string memory_why;
  std::shared_ptr<const nlohmann::json> box;  ///< Of run_in_box(), if asked for.
  std::shared_ptr<const nlohmann::json> cold_start;
};

nlohmann::json describe_side(const ComparedSide& side, const ComparedSide& baseline, int64_t batch);
nlohmann::json describe_delta(const ComparedSide& side, const nlohmann::json& described,
                              const ComparedSide& baseline,
                              const nlohmann::json& described_baseline);
nlohmann::json describe_fidelity(const ComparedSide& side);
nlohmann::json describe_passes(const ComparedSide& side);
/// Adds "effect_ms" (cumulative), "effects" and "why" to a described pass.
void put_effects(nlohmann::json& pass, const PassEffects* effects, const std::string& why);

}  // namespace kasuri::profiling
