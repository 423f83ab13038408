#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "profiling/compare_models.h"
#include "profiling/runtimes/kasuri_session.h"

namespace kasuri::profiling {

/// The first known extent of the first input that has one; 1 without.
int64_t batch_of(const Graph& graph);
/// The report's "model": path, name, opset, operators, parameters, hash, dims.
nlohmann::json describe_model_shortly(const KasuriSession& session, const std::string& path);
/// Fills "requirements" from --require and --fail-if-slower; they are about the side after the
/// baseline.
void add_requirements(nlohmann::json& report, const CompareRequest& request);

}  // namespace kasuri::profiling
