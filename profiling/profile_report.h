#pragma once

#include <nlohmann/json_fwd.hpp>

#include "profiling/step_profile.h"

namespace kasuri::profiling {

/// The object of `profile --json`: the fields of one side of a comparison, the overhead and the
/// steps.
nlohmann::json describe_profile_report(const KasuriSession& session, const StepProfile& profile);

}  // namespace kasuri::profiling
