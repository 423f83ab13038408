#pragma once

#include <memory>

#include "engine/rewrite/rule_driver.h"

namespace kasuri {

/// The result of all passes. The graph stays standard ONNX operators; decisions lie beside it.
struct OptimizedGraph {
  std::shared_ptr<const Graph> graph;
  PlanDecisions decisions;
  RewriteLog log;
};

/// The one door through which passes run. For each pass, in order: cancelled? enabled by the
/// recipe? then time it, run its rules, drop constants nobody reads any more, check the whole
/// graph, and record honestly whether anything changed.
class PassManager {
 public:
  PassManager(const PassList& passes, const Recipe& recipe, const Services& services)
      : passes_(passes), recipe_(recipe), services_(services) {}

  Result<OptimizedGraph> run(const Graph& imported, const TaskContext& context) const;

 private:
  Status run_pass(const Pass& pass, Rewriting& work, const TaskContext& context) const;

  const PassList& passes_;
  const Recipe& recipe_;
  const Services& services_;
};

}  // namespace kasuri
