#pragma once

#include <map>
#include <string>

#include "engine/ir/runtime_value.h"
#include "engine/onnx/importer.h"

namespace kasuri::profiling {

/// What the unmodified model computes, and how that was made sure.
struct ReferenceOutputs {
  std::map<std::string, RuntimeValue> values;
  std::string method;  ///< "reference backend", "reference backend, cached", "spot check: ..."
};

inline constexpr int64_t kFullReferenceFlops = 10'000'000'000;

/// Runs the imported graph on the reference backend, or finds what an earlier run left in the cache
/// (by model content, dimensions and inputs). Above kFullReferenceFlops the graph runs once on the
/// CPU backend, one kernel per node, and random elements of every node's output are recomputed from
/// that node's actual inputs (spot_check.h). Errors: an operator that cannot run, a node whose spot
/// check failed (named).
Result<ReferenceOutputs> reference_outputs(const ImportedModel& model,
                                           const std::map<std::string, RuntimeValue>& inputs,
                                           const std::string& input_hash,
                                           const TaskContext& context);

}  // namespace kasuri::profiling
