#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// Finds the passes to leave out so that outputs are right again: each alone (last first), then
/// ever more from the end. `works` tells whether the outputs are right without these passes.
/// Empty: no choice helped.
Result<std::vector<std::string>> passes_to_leave_out(
    const std::vector<std::string>& passes,
    const std::function<Result<bool>(const std::vector<std::string>& left_out)>& works);

/// The smallest set of `parts` found by halving whose leaving out makes outputs right, given that
/// leaving out all of them does. One part, if one alone is guilty.
Result<std::vector<std::string>> guilty_parts(
    std::vector<std::string> parts,
    const std::function<Result<bool>(const std::vector<std::string>& left_out)>& works);

/// SPEC without these passes: "default,-a,-b".
std::string without_passes(const std::string& spec, const std::vector<std::string>& left_out);

}  // namespace kasuri::profiling
