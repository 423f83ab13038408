#pragma once

#include "engine/exec/frame.h"

namespace kasuri {

/// One run of a control step (If, Loop, Scan) by the frames of its bodies. Follows the library's
/// kernels of these operators; whatever does not fit the plans of the bodies is an error or the
/// library's turn, and the owner then lets the library run the whole step.
class ControlRun {
 public:
  enum class Outcome : uint8_t { kDone, kLibrary };

  /// `observer`: told about bodies; may be null.
  ControlRun(Frame& owner, size_t step, const TaskContext& context, ExecutionObserver* observer);

  /// kLibrary: nothing was computed (no iterations, say). Errors: values that do not fit, a body's
  /// own error; cancellation. The step's inputs are as before in each case.
  Result<Outcome> run();

 private:
  Result<Outcome> run_if(const std::vector<RuntimeValue>& inputs);
  Result<Outcome> run_loop(const std::vector<RuntimeValue>& inputs);
  Result<Outcome> run_scan(const std::vector<RuntimeValue>& inputs);
  Status connect(size_t body);
  Status run_body(size_t body);
  Status give(size_t output, const RuntimeValue& value);
  BufferId wanted(size_t output) const;

  Frame& owner_;
  const PlanStep& step_;
  const Node& node_;
  std::vector<std::unique_ptr<Frame>>& frames_;
  const TaskContext& context_;
  ExecutionObserver* observer_;
};

}  // namespace kasuri
