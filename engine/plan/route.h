#pragma once

#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/plan/contiguous_view.h"
#include "engine/plan/layout_table.h"
#include "engine/plan/partition.h"
#include "engine/plan/plan.h"
#include "engine/plan/planner.h"

namespace kasuri {

/// How one unit runs.
struct RoutedUnit {
  PlanUnit unit;
  StepKind kind = StepKind::kLibrary;
  KernelPointer kernel;           ///< kKernel and kCopy
  std::vector<CopyPiece> pieces;  ///< kCopy; numbers are those of unit.inputs / unit.outputs
  std::vector<PlanBody> bodies;   ///< kControl
  std::string backend;
  std::string fallback_reason;
};

struct Routing {
  std::vector<RoutedUnit> units;  ///< Producers first.
  LayoutTable layouts;
};

/// Finds a way to run every node: contiguous moves as copies, control flow by plans of its bodies,
/// then the first backend that compiles the unit, then the library. A group nobody compiles is
/// taken apart, with the reason kept. Errors: a node nothing can run (kUnavailable, node and
/// reasons named); cancellation.
Result<Routing> route(const Graph& graph, const PlanDecisions& decisions,
                      const BackendSet& backends, const PlanOptions& options,
                      const TaskContext& context);

}  // namespace kasuri
