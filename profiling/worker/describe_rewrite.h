#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/base/result.h"
#include "engine/rewrite/pass_manager.h"

namespace kasuri::profiling {

/// The catalogue: every pass and rule with law, fidelity and default; with `recipe`, whether each
/// is switched on by it.
nlohmann::json describe_catalogue(const Recipe& recipe);
/// The catalogue with what the log says of each site: the "passes" of the "rewrite" object.
nlohmann::json describe_log(const Recipe& recipe, const RewriteLog& log);

/// SPEC without whatever may change a bit of the outputs: rules where a pass has exact ones beside
/// them, else the pass. Errors: those of the SPEC.
Result<std::string> exact_part_of(const std::string& spec);

}  // namespace kasuri::profiling
