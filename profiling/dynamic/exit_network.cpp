#include "profiling/dynamic/exit_network.h"

#include <fmt/format.h>

#include "engine/ir/op_catalogue.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "profiling/runtimes/backends.h"
#include "profiling/runtimes/plan_source.h"

namespace kasuri::profiling {
namespace {

Result<ImportedModel> import_at(const ModelRequest& request, int64_t batch,
                                const std::vector<ValueType>& declared,
                                const std::vector<std::string>& names, const TaskContext& context) {
  ImportOptions options;
  options.dims = request.dims;
  options.synthesize_weights = request.synthesize_weights;
  for (size_t i = 0; i < declared.size(); ++i)
    if (declared[i].shape && !declared[i].shape->empty() && !(*declared[i].shape)[0].known())
      options.dims[names[i] + ":0"] = batch;
  KASURI_TRY(ImportedModel model, import_model(request.path, options, context));
  for (NodeId id : model.graph.node_ids()) {
    Status status = check_signature(model.graph.node(id));
    if (!status.ok()) return std::move(status).error().with_context("reading " + request.path);
  }
  KASURI_TRY_IN(model.graph, infer_graph(std::move(model.graph)), "reading " + request.path);
  return model;
}

std::vector<std::string> input_names(const Graph& graph) {
  std::vector<std::string> names;
  for (ValueId id : graph.inputs()) names.push_back(graph.value(id).name);
  return names;
}

}  // namespace

Result<ExitNetwork> ExitNetwork::open(ExitRequest request, const TaskContext& context) {
  if (is_plan_file(request.model.path))
    return Error(request.model.path + " is a plan; early exits are cut from the model");
  ExitNetwork network;
  KASURI_TRY(const ImportedModel first, import_at(request.model, 1, {}, {}, context));
  KASURI_TRY(ImportedModel model,
             import_at(request.model, 1, first.declared_inputs, input_names(first.graph), context));
  if (model.graph.inputs().empty()) return Error(request.model.path + " has no inputs");
  for (ValueId id : model.graph.inputs()) {
    const ValueType& type = model.graph.value(id).type;
    if (!type.is_static_tensor() || type.shape->empty())
      return Error(
          fmt::format("input '{}' is {}: early exits need tensors of known extents whose "
                      "first axis is the batch; give extents with --dim",
                      model.graph.value(id).name, type.text()));
  }
  for (const ValueType& type : model.declared_inputs)
    if (type.shape && !type.shape->empty() && (*type.shape)[0].known())
      network.fixed_batch_ = (*type.shape)[0].value();
  network.request_ = std::move(request);
  network.imported_ = std::make_shared<const ImportedModel>(std::move(model));
  return network;
}

Result<Graph> ExitNetwork::graph(int64_t batch) const {
  const int64_t base = fixed_batch_ > 0 ? fixed_batch_ : 1;
  if (fixed_batch_ > 0 && batch != fixed_batch_)
    return Error(fmt::format("{} is made for batch {} and cannot run {} samples at once",
                             request_.model.path, fixed_batch_, batch));
  Graph made = imported_->graph;
  if (batch != base) {
    KASURI_TRY(ImportedModel model, import_at(request_.model, batch, imported_->declared_inputs,
                                              input_names(imported_->graph), {}));
    made = std::move(model.graph);
  }
  for (const AttachedHead& head : attached_) {
    KASURI_TRY(made, attach_head(std::move(made), head));
  }
  return made;
}

Result<std::vector<ValueId>> ExitNetwork::exits(const Graph& graph) const {
  std::vector<std::string> names = request_.exits;
  for (const AttachedHead& head : attached_) names.push_back(head.name);
  return find_exits(graph, names, request_.final_name);
}

Result<std::vector<ExitSegment>> ExitNetwork::segments(int64_t batch) const {
  KASURI_TRY(const Graph made, graph(batch));
  KASURI_TRY(const std::vector<ValueId> found, exits(made));
  return cut_at_exits(made, found);
}

Result<Graph> ExitNetwork::full(int64_t batch) const {
  KASURI_TRY(const Graph made, graph(batch));
  KASURI_TRY(const std::vector<ValueId> found, exits(made));
  return graph_of(made, found.back());
}

Result<std::unique_ptr<Executor>> prepare_graph(const Graph& graph, const ExitRequest& request,
                                                const TaskContext& context,
                                                std::shared_ptr<ExecutorSpace> space) {
  KASURI_TRY(const Recipe recipe, parse_recipe(request.recipe));
  const EngineBackends& backends = engine_backends();
  KASURI_TRY(const OptimizedGraph optimized, optimize(graph, recipe, backends.services(), context));
  PlanOptions options;
  options.threads = request.plan.threads;
  options.memory_limit = request.plan.memory_limit;
  options.reference_only = request.plan.backend == "reference";
  KASURI_TRY(PlanPointer plan, make_plan(optimized.graph, optimized.decisions, backends.plan_set(),
                                         options, context));
  if (!space) space = std::make_shared<ExecutorSpace>(request.plan.threads, request.plan.cpus);
  return Executor::create(std::move(plan), backends.reference, std::move(space));
}

}  // namespace kasuri::profiling
