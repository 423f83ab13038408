#include "profiling/dynamic/decode_plan.h"

#include <algorithm>
#include <cstring>

#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "profiling/runtimes/backends.h"

namespace kasuri::profiling {
namespace {

/// Passes of more tokens fill the cache with prompts: only some lengths occur.
constexpr int64_t kEveryLength = 17;

/// Does a step put new rows where that input lies?
bool is_overwritten(const Plan& plan, const std::string& input) {
  const PlanEntry& entry = plan.entry();
  return std::any_of(entry.steps.begin(), entry.steps.end(), [&](const PlanStep& step) {
    if (step.kind != StepKind::kKernel || step.nodes.size() != 1 ||
        !plan.graph().node(step.nodes[0]).is("TensorScatter"))
      return false;
    const PlanBuffer& out = entry.buffers[step.outputs[0].index()];
    return out.alias_of.valid() && entry.buffers[out.alias_of.index()].name == input;
  });
}

}  // namespace

Result<std::unique_ptr<DecodePlan>> DecodePlan::make(DecodeGraph graph, const DecodeFace& face,
                                                     std::span<const KvCache> caches,
                                                     const std::string& recipe,
                                                     const PlanRequest& request,
                                                     std::shared_ptr<ExecutorSpace> space,
                                                     const TaskContext& task) {
  const EngineBackends& backends = engine_backends();
  KASURI_TRY(const Recipe parsed, parse_recipe(recipe));
  KASURI_TRY(OptimizedGraph optimized, optimize(graph.graph, parsed, backends.services(), task));
  PlanOptions options;
  options.threads = request.threads;
  options.memory_limit = request.memory_limit;
  options.reference_only = request.backend == "reference";
  for (const CachePair& pair : face.cache) options.state_inputs.push_back(pair.past);
  KASURI_TRY(const PlanPointer plan,
             make_plan(optimized.graph, optimized.decisions, backends.plan_set(), options, task));
  std::unique_ptr<DecodePlan> made(new DecodePlan());
  made->graph_ = std::move(graph);
  made->face_ = face;
  for (const CachePair& pair : face.cache)
    made->grows_in_place_.push_back(is_overwritten(*plan, pair.past));
  KASURI_TRY(made->executor_, Executor::create(plan, backends.reference, std::move(space)));
  KASURI_RETURN_IF_ERROR(made->bind(caches));
  return made;
}

Status DecodePlan::bind(std::span<const KvCache> caches) {
  std::map<std::string, RuntimeValue> values;
  for (size_t k = 0; k < caches.size(); ++k)
    values[face_.cache[k].past] = RuntimeValue(caches[k].tensor());
  const Graph& graph = graph_.graph;
  for (ValueId id : graph.inputs()) {
    const Value& value = graph.value(id);
    if (values.contains(value.name)) continue;
    values[value.name] =
        RuntimeValue(inputs_.emplace(value.name, SharedBuffer(value.type)).first->second.tensor());
  }
  return executor_->bind(values);
}

void DecodePlan::write_tokens(std::span<const int64_t> tokens, int64_t past) {
  SharedBuffer& buffer = inputs_.at(face_.tokens);
  for (int64_t k = 0; k < graph_.tokens; ++k) {
    const int64_t token = k < static_cast<int64_t>(tokens.size()) ? tokens[k] : 0;
    if (face_.token_type == DataType::kInt64)
      buffer.as<int64_t>()[k] = token;
    else
      buffer.as<int32_t>()[k] = static_cast<int32_t>(token);
  }
  if (!face_.positions.empty())
    for (int64_t k = 0; k < graph_.tokens; ++k)
      inputs_.at(face_.positions).as<int64_t>()[k] = past + k;
  if (!face_.mask.empty()) {
    const auto mask = inputs_.at(face_.mask).as<int64_t>();
    for (size_t k = 0; k < mask.size(); ++k)
      mask[k] = static_cast<int64_t>(k) < past + static_cast<int64_t>(tokens.size()) ? 1 : 0;
  }
}

void DecodePlan::write_slot(int64_t past) {
  if (face_.cache.empty()) return;
  KASURI_CHECK(past + graph_.tokens <= graph_.capacity, "the tokens of a pass fit the cache");
  for (auto& [name, buffer] : inputs_)
    if (name.starts_with(DecodeGraph::kFirstSlot))
      std::fill(buffer.as<int64_t>().begin(), buffer.as<int64_t>().end(), past);
}

Result<const std::vector<Tensor>*> DecodePlan::lengths_at(int64_t past, const TaskContext& task) {
  std::vector<Tensor>& padded = lengths_[past];
  const std::vector<std::string>& names = graph_.length_inputs;
  if (padded.size() == names.size()) return &padded;
  KASURI_TRY(const std::vector<Tensor> values,
             graph_.lengths.evaluate(graph_.lengths.data(), past, task));
  std::vector<Tensor> made;
  for (size_t k = 0; k < values.size(); ++k) {
    const Tensor& to = inputs_.at(names[k]).tensor();
    Status status = ok_status();
    made.push_back(Tensor::make(to.dtype(), to.extents(), [&](std::span<std::byte> bytes) {
      status = pad_length_value(values[k], ValueType::tensor(to.dtype(), shape_of(to.extents())),
                                bytes.data());
    }));
    if (!status.ok()) return std::move(status).error().with_context("'" + names[k] + "'");
  }
  padded = std::move(made);
  return &padded;
}

Status DecodePlan::fill_lengths(const TaskContext& task) {
  const int64_t step = graph_.tokens > kEveryLength ? graph_.tokens : 1;
  for (int64_t past = 0; past < graph_.capacity; past += step) {
    KASURI_TRY([[maybe_unused]] const auto* const values, lengths_at(past, task));
  }
  return ok_status();
}

Status DecodePlan::write_lengths(int64_t past, const TaskContext& task) {
  KASURI_TRY(const std::vector<Tensor>* const padded, lengths_at(past, task));
  for (size_t k = 0; k < padded->size(); ++k) {
    const auto bytes = (*padded)[k].bytes();
    std::memcpy(inputs_.at(graph_.length_inputs[k]).data(), bytes.data(), bytes.size());
  }
  return ok_status();
}

Result<std::vector<RuntimeValue>> DecodePlan::run(std::span<const int64_t> tokens, int64_t past,
                                                  const TaskContext& task) {
  write_tokens(tokens, past);
  write_slot(past);
  KASURI_RETURN_IF_ERROR(write_lengths(past, task));
  KASURI_RETURN_IF_ERROR(executor_->run_bound(task));
  return executor_->bound_outputs();
}

}  // namespace kasuri::profiling
