#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/rewrite/pass_manager.h"

namespace kasuri::profiling {

/// The catalogue: every pass and rule with law, fidelity and default; with `recipe`, whether each
/// is switched on by it.
nlohmann::json describe_catalogue(const Recipe& recipe);
/// The catalogue with what the log says of each site: the "passes" of the "rewrite" object.
nlohmann::json describe_log(const Recipe& recipe, const RewriteLog& log);

}  // namespace kasuri::profiling
