#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/exec/executor.h"
#include "engine/onnx/importer.h"
#include "engine/rewrite/pass_manager.h"
#include "profiling/inputs.h"

namespace kasuri::profiling {

struct ModelRequest {
  std::string path;
  std::map<std::string, int64_t> dims;
  bool synthesize_weights = false;
};

struct PlanRequest {
  std::string backend = "cpu";  ///< "cpu" or "reference"
  int threads = 1;
  std::vector<int> cpus;
  int64_t memory_limit = 0;
};

/// A model on its way from file to executor: open, optimize, plan, bind, run. Each step replaces
/// what an earlier call of it made and drops what depended on that.
class KasuriSession {
 public:
  /// An ONNX file, a graph as text (.ktxt), or a plan file (.kplan), told apart by content.
  Status open(const ModelRequest& request, const TaskContext& context);
  /// SPEC, see engine/rewrite/recipe.h.
  Status optimize(const std::string& spec, const TaskContext& context);
  /// Optimises with `default` first if nobody did. Compiles and makes the executor.
  Status make_plan(const PlanRequest& request, const TaskContext& context);
  Status bind(const InputRequest& request);
  /// One run on the bound inputs, results left in the executor. The first run after make_plan()
  /// notes each step it starts, for crash messages.
  Status run(const TaskContext& context, ExecutionObserver* observer = nullptr);
  Result<std::vector<RuntimeValue>> outputs() const;
  /// Another executor of the plan, made and bound as the session's own, on copies of its inputs:
  /// both may run at the same time.
  Result<std::unique_ptr<Executor>> executor_beside();

  const ImportedModel& model() const { return *model_; }
  const OptimizedGraph& optimized() const { return *optimized_; }
  const Plan& plan() const { return *plan_; }
  const Executor& executor() const { return *executor_; }
  PlanPointer shared_plan() const { return plan_; }
  const PlanRequest& plan_request() const { return plan_request_; }
  const std::string& recipe() const { return recipe_; }
  const BoundInputs& inputs() const { return inputs_; }
  bool has_model() const { return model_.has_value(); }
  bool has_rewrite() const { return optimized_.has_value(); }
  bool has_plan() const { return plan_ != nullptr; }
  bool is_ready() const { return executor_ != nullptr; }
  /// The graph whose inputs and outputs the model has: imported, or the plan file's.
  const Graph& graph() const;

 private:
  Status need_plan() const;

  std::optional<ImportedModel> model_;
  std::optional<OptimizedGraph> optimized_;
  std::string recipe_;
  PlanPointer plan_;
  PlanRequest plan_request_;
  std::unique_ptr<Executor> executor_;
  BoundInputs inputs_;
  bool bound_ = false;
  bool first_run_ = true;
};

}  // namespace kasuri::profiling
