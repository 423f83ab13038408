#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "profiling/sweep.h"

namespace kasuri::profiling {

/// What a sweep asks for besides its axes: {"model", "sides": [what each is], "asked": inputs and
/// the like}. Cells of a file belong to a sweep only where all of it is equal.
nlohmann::json describe_sweep(const SweepRequest& request);

/// Measured to the end: neither a reason why it failed nor cut short. Others are measured again.
bool is_finished_report(const nlohmann::json& report);

/// The cells of the file a sweep goes on with; none where there is no file yet. Errors: a file of
/// another sweep; a cell that another build of Kasuri, another model of CPU or another content of
/// the model was measured with, which would be mixed with new ones.
Result<nlohmann::json> cells_to_continue(const SweepRequest& request, const TaskContext& context);

}  // namespace kasuri::profiling
