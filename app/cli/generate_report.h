#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/cli/generate_options.h"

namespace kasuri::cli {

/// Adds what was run: cache or none, draft, depth rule, the command that reproduces it.
void describe_generation(nlohmann::json& out, const GenerateOptions& options,
                         const profiling::DecodeModel& target, const profiling::Proposer* proposer,
                         double prepare_ms);
void print_generation(const nlohmann::json& out, const GenerateOptions& options);

}  // namespace kasuri::cli
