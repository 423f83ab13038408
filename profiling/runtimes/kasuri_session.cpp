#include "profiling/runtimes/kasuri_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "engine/ir/op_catalogue.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/memory_check.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "profiling/crash_note.h"
#include "profiling/default_sizes.h"
#include "profiling/environment.h"
#include "profiling/runtimes/backends.h"
#include "profiling/runtimes/plan_source.h"

namespace kasuri::profiling {
namespace {

/// Leaves the name of the step in flight where a crash message finds it.
class StepNoter : public ExecutionObserver {
 public:
  void on_step_begin(const PlanStep& step) override {
    note_step(static_cast<int>(step.id.index()), step.name, step.op);
  }
  void on_step_end(const PlanStep&) override { note_nothing(); }
};

/// The library with what the plan leaves of the limit: for tensors whose size shows while running.
/// Inputs are such tensors too.
std::shared_ptr<const ReferenceBackend> library_for(const PlanEntry& entry, int64_t limit) {
  int64_t planned = planned_bytes(entry.memory);
  for (BufferId id : entry.inputs)
    if (entry.buffers[id.index()].kind == BufferKind::kInput)
      planned -= entry.buffers[id.index()].bytes;
  return std::make_shared<const ReferenceBackend>(std::max<int64_t>(1, limit - planned));
}

/// The same elements elsewhere in memory.
RuntimeValue copy_of(const RuntimeValue& value) {
  RuntimeValue copy = value;
  if (value.is_sequence()) {
    TensorSequence items;
    for (const RuntimeValue& item : value.items()) items.push_back(copy_of(item));
    copy = RuntimeValue::sequence(std::move(items));
  } else if (value.is_tensor() && value.tensor().dtype() != DataType::kString) {
    const Tensor& tensor = value.tensor();
    copy = Tensor::make(tensor.dtype(), tensor.extents(), [&tensor](std::span<std::byte> to) {
      std::copy_n(tensor.bytes().begin(), std::min(to.size(), tensor.bytes().size()), to.begin());
    });
  }
  copy.is_optional = value.is_optional;
  return copy;
}

}  // namespace

const Graph& KasuriSession::graph() const { return model_ ? model_->graph : plan_->graph(); }

Status KasuriSession::open(const ModelRequest& request, const TaskContext& context) {
  *this = KasuriSession();
  if (is_plan_file(request.path)) {
    KASURI_TRY(plan_, load_plan(request.path, context));
    recipe_ = "plan file";
    return Done{};
  }
  ImportOptions options;
  options.dims = request.dims;
  options.synthesize_weights = request.synthesize_weights;
  KASURI_TRY(model_, import_model(request.path, options, context));
  for (NodeId id : model_->graph.node_ids()) {
    Status status = check_signature(model_->graph.node(id));
    if (!status.ok()) return std::move(status).error().with_context("reading " + request.path);
  }
  auto inferred = infer_graph(std::move(model_->graph));
  if (!inferred.ok())
    return with_default_sizes(std::move(inferred).error(), model_->dims)
        .with_context("reading " + request.path);
  model_->graph = *std::move(inferred);
  return Done{};
}

Status KasuriSession::optimize(const std::string& spec, const TaskContext& context) {
  if (!model_)
    return Error(plan_ ? "a plan file is optimised already; give the model instead"
                       : "no model is open");
  KASURI_TRY(const Recipe recipe, parse_recipe(spec));
  optimized_.reset();
  plan_.reset();
  executor_.reset();
  KASURI_TRY(optimized_,
             kasuri::optimize(model_->graph, recipe, engine_backends().services(), context));
  recipe_ = spec;
  return Done{};
}

Status KasuriSession::make_plan(const PlanRequest& request, const TaskContext& context) {
  const bool from_file = plan_ != nullptr && !model_;
  if (!from_file) {
    if (!optimized_) KASURI_RETURN_IF_ERROR(optimize("default", context));
    PlanOptions options;
    options.threads = request.threads;
    options.memory_limit = request.memory_limit;
    options.reference_only = request.backend == "reference";
    executor_.reset();
    KASURI_TRY(plan_, kasuri::make_plan(optimized_->graph, optimized_->decisions,
                                        engine_backends().plan_set(), options, context));
  }
  KASURI_RETURN_IF_ERROR(check_cpus(request.cpus));
  if (!request.cpus.empty() && static_cast<int>(request.cpus.size()) != request.threads)
    return Error(fmt::format("--cpus names {} CPUs for {} threads; name one for each thread",
                             request.cpus.size(), request.threads));
  const int64_t limit = memory_limit_of(request.memory_limit);
  if (from_file) KASURI_RETURN_IF_ERROR(check_memory(plan_->graph(), plan_->entry(), limit));
  plan_request_ = request;
  bound_ = false;
  first_run_ = true;
  KASURI_TRY(executor_, Executor::create(plan_, library_for(plan_->entry(), limit), request.threads,
                                         request.cpus));
  return Done{};
}

Status KasuriSession::need_plan() const {
  if (!executor_) return Error("no plan has been made yet");
  return Done{};
}

Status KasuriSession::bind(const InputRequest& request) {
  KASURI_RETURN_IF_ERROR(need_plan());
  KASURI_TRY(inputs_, make_inputs(graph(), request));
  KASURI_RETURN_IF_ERROR(executor_->bind(inputs_.values));
  bound_ = true;
  return Done{};
}

Status KasuriSession::run(const TaskContext& context, ExecutionObserver* observer) {
  KASURI_RETURN_IF_ERROR(need_plan());
  if (!bound_) KASURI_RETURN_IF_ERROR(bind({}));
  StepNoter noter;
  const bool note = first_run_ && observer == nullptr;
  Status status = executor_->run_bound(context, note ? &noter : observer);
  if (status.ok()) first_run_ = false;
  return status;
}

Result<std::vector<RuntimeValue>> KasuriSession::outputs() const {
  KASURI_RETURN_IF_ERROR(need_plan());
  return executor_->bound_outputs();
}

Result<std::unique_ptr<Executor>> KasuriSession::executor_beside() {
  KASURI_RETURN_IF_ERROR(need_plan());
  if (!bound_) KASURI_RETURN_IF_ERROR(bind({}));
  const int64_t limit = memory_limit_of(plan_request_.memory_limit);
  KASURI_TRY(auto executor, Executor::create(plan_, library_for(plan_->entry(), limit),
                                             plan_request_.threads, plan_request_.cpus));
  std::map<std::string, RuntimeValue> values;
  for (const auto& [name, value] : inputs_.values) values[name] = copy_of(value);
  KASURI_RETURN_IF_ERROR(executor->bind(values));
  return executor;
}

}  // namespace kasuri::profiling
