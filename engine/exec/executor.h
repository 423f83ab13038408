#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/cancel_token.h"
#include "engine/exec/execution_observer.h"
#include "engine/exec/executor_space.h"
#include "engine/exec/frame.h"
#include "engine/plan/plan.h"

namespace kasuri {

/// Runs a Plan; knows no graph rewriting. Owns the arena (allocated once, 64-byte aligned,
/// untouched pages stay untouched) and the thread pool. One run at a time per executor.
class Executor {
 public:
  static Result<std::unique_ptr<Executor>> create(PlanPointer plan,
                                                  std::shared_ptr<const LibraryBackend> library,
                                                  int threads, std::vector<int> cpus = {});
  /// With the arena and the threads of others, which never run at the same time.
  static Result<std::unique_ptr<Executor>> create(PlanPointer plan,
                                                  std::shared_ptr<const LibraryBackend> library,
                                                  std::shared_ptr<ExecutorSpace> space);
  ~Executor();

  /// Inputs by model input name. Errors: missing or unknown input, wrong dtype or shape (both
  /// named), a kernel's run-time error (step named), cancellation.
  Result<std::vector<RuntimeValue>> run(const std::map<std::string, RuntimeValue>& inputs,
                                        const TaskContext& context,
                                        ExecutionObserver* observer = nullptr);
  /// For timing: inputs bound once, outputs kept in the executor's own memory and overwritten.
  Status bind(const std::map<std::string, RuntimeValue>& inputs);
  Status run_bound(const TaskContext& context, ExecutionObserver* observer = nullptr);
  Result<std::vector<RuntimeValue>> bound_outputs() const { return outputs(false); }
  /// The same without copies where values lie row-major in the executor's memory: until the next
  /// run, and no longer than the executor.
  const std::vector<RuntimeValue>& output_views();

  const Plan& plan() const;
  /// Of observed runs so far.
  const DynamicMemory& dynamic_memory() const;
  /// See Frame::misfits().
  const std::vector<std::string>& misfits() const;

 private:
  struct State;
  explicit Executor(std::unique_ptr<State> state);
  std::vector<RuntimeValue> outputs(bool as_views) const;
  std::unique_ptr<State> state_;
};

}  // namespace kasuri
