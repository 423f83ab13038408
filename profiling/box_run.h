#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "profiling/side_worker.h"

namespace kasuri::profiling {

/// Runs a side in a fresh process that has `limit_bytes` of memory (MemoryBox) and tells whether it
/// fits, or where it fails:
///   {"limit_bytes", "method": "cgroup" | "rlimit", "fits": true | false | null (not known),
///    "peak_bytes": of the process, resident, with the limit | null,
///    "stage": null | "start" | "open" | "optimize" | "plan" | "run" | "resident",
///    "step": null | {"name", "op", "nodes", "needs_bytes", "live_bytes", "in_flight"},
///    "planned": null | {"weights_bytes", "packed_weights_bytes", "arena_bytes"},
///    "needed_bytes": peak without the limit | null, "why": sentence | "", "error": own words}
/// `step` is the one in flight, or, where none was, the one where most of the arena is alive.
/// "resident": it ran, but only because pages of mapped files can be dropped and read again.
/// Errors: it fails without the limit, too; cancellation.
Result<nlohmann::json> run_in_box(const SideSpec& spec, const SideTask& task, int64_t limit_bytes,
                                  const TaskContext& context);

/// "fits in 512 MiB: 81.2 MiB at its peak", or that it does not and why.
std::string box_line(const nlohmann::json& box);

}  // namespace kasuri::profiling
