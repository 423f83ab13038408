#include "profiling/dynamic/denoise_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "engine/ir/shape_inference.h"
#include "engine/onnx/importer.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "profiling/runtimes/backends.h"

namespace kasuri::profiling {
namespace {

std::string inputs_of(const Graph& graph) {
  std::string list;
  for (ValueId id : graph.inputs())
    list += fmt::format("{}'{}' {}", list.empty() ? "" : ", ", graph.value(id).name,
                        graph.value(id).type.text());
  return list;
}

/// The input called `asked`, or else one of these names, or else the only one that `fits`.
template <typename Fits>
std::string pick_input(const Graph& graph, const std::string& asked,
                       const std::vector<std::string>& usual, const Fits& fits) {
  std::vector<std::string> fitting;
  for (ValueId id : graph.inputs())
    if (fits(graph.value(id))) fitting.push_back(graph.value(id).name);
  const auto has = [&](const std::string& name) {
    return std::find(fitting.begin(), fitting.end(), name) != fitting.end();
  };
  if (!asked.empty()) return has(asked) ? asked : "";
  for (const std::string& name : usual)
    if (has(name)) return name;
  return fitting.size() == 1 ? fitting[0] : "";
}

Result<Graph> import_at(const DenoiserRequest& request, int64_t rows, const TaskContext& task) {
  ImportOptions options;
  options.dims = request.dims;
  KASURI_TRY(const ImportedModel first, import_model(request.path, options, task));
  for (const DimBinding& dim : first.dims)
    if (dim.axis == 0 && dim.is_default) options.dims[dim.input + ":0"] = rows;
  KASURI_TRY(ImportedModel model, import_model(request.path, options, task));
  KASURI_TRY_IN(Graph graph, infer_graph(std::move(model.graph)), "reading " + request.path);
  return graph;
}

}  // namespace

Status DenoiserModel::find_inputs(const Graph& graph, const DenoiserRequest& request) {
  const auto rank = [](const Value& v) { return v.type.shape ? v.type.shape->size() : 99; };
  const auto steps = [&](const Value& v) {
    return rank(v) <= 1 && (v.type.dtype == DataType::kInt64 || v.type.dtype == DataType::kFloat);
  };
  sample_ = pick_input(graph, request.sample, {"sample", "latent", "x"}, [&](const Value& v) {
    return rank(v) >= 3 && v.type.dtype == DataType::kFloat;
  });
  timestep_ = pick_input(graph, request.timestep, {"timestep", "timesteps", "t"}, steps);
  if (sample_.empty() || timestep_.empty())
    return Error(
        fmt::format("{}: no {}; a denoiser takes a noisy image (float32 [batch, ...]) and "
                    "a timestep; the inputs are {}",
                    request.path,
                    sample_.empty() ? "input takes the noisy image (--sample-input)"
                                    : "input takes the timestep (--timestep-input)",
                    inputs_of(graph)));
  label_ = pick_input(graph, request.label, {"class_label", "class_labels", "y"},
                      [&](const Value& v) { return steps(v) && v.name != timestep_; });
  if (graph.inputs().size() != (label_.empty() ? 2U : 3U))
    return Error(fmt::format("{}: nothing is known to put into some of the inputs {}", request.path,
                             inputs_of(graph)));
  const Value& image = graph.value(*graph.find_value(sample_));
  if (!image.type.is_static_tensor())
    return Error(fmt::format("{}: '{}' is {}", request.path, sample_, image.type.text()));
  extents_ = *extents_of(*image.type.shape);
  rows_ = extents_[0];
  extents_[0] = 1;
  size_ = static_cast<size_t>(*element_count(extents_));
  for (size_t k = 0; k < graph.outputs().size(); ++k) {
    const Value& value = graph.value(graph.outputs()[k].value);
    const bool named = request.output.empty() || graph.outputs()[k].name == request.output;
    if (!named || value.type.dtype != DataType::kFloat || value.type.shape != image.type.shape)
      continue;
    output_ = k;
    return ok_status();
  }
  return Error(
      fmt::format("{}: no output is like '{}' {}", request.path, sample_, image.type.text()));
}

Result<std::unique_ptr<DenoiserModel>> DenoiserModel::open(const DenoiserRequest& request,
                                                           const TaskContext& task) {
  std::unique_ptr<DenoiserModel> made(new DenoiserModel());
  KASURI_TRY(const Graph graph, import_at(request, request.guided ? 2 : 1, task));
  KASURI_RETURN_IF_ERROR(made->find_inputs(graph, request));
  if (request.guided && (made->label_.empty() || made->rows_ != 2))
    return Error(request.path +
                 ": guidance wants a label input and a batch of two; give --guidance 1");
  const EngineBackends& backends = engine_backends();
  KASURI_TRY(const Recipe recipe, parse_recipe(request.recipe));
  KASURI_TRY(const OptimizedGraph optimized, optimize(graph, recipe, backends.services(), task));
  PlanOptions options;
  options.threads = request.plan.threads;
  options.memory_limit = request.plan.memory_limit;
  options.reference_only = request.plan.backend == "reference";
  KASURI_TRY(const PlanPointer plan,
             make_plan(optimized.graph, optimized.decisions, backends.plan_set(), options, task));
  KASURI_TRY(made->executor_,
             Executor::create(plan, backends.reference, request.plan.threads, request.plan.cpus));
  std::map<std::string, RuntimeValue> values;
  for (ValueId id : graph.inputs()) {
    const Value& value = graph.value(id);
    made->inputs_.emplace(value.name, SharedBuffer(value.type));
    values[value.name] = RuntimeValue(made->inputs_.at(value.name).tensor());
  }
  KASURI_RETURN_IF_ERROR(made->executor_->bind(values));
  return made;
}

void DenoiserModel::write_all(const std::string& input, double first, double second) {
  SharedBuffer& buffer = inputs_.at(input);
  for (int64_t k = 0; k < buffer.tensor().count(); ++k) {
    const double value = k == 0 ? first : second;
    if (buffer.tensor().dtype() == DataType::kInt64)
      buffer.as<int64_t>()[static_cast<size_t>(k)] = static_cast<int64_t>(value);
    else
      buffer.as<float>()[static_cast<size_t>(k)] = static_cast<float>(value);
  }
}

Status DenoiserModel::predict(std::span<const float> sample, int64_t timestep, int64_t label,
                              int64_t null_label, double scale, std::span<float> prediction,
                              const TaskContext& task) {
  const auto rows = inputs_.at(sample_).as<float>();
  for (size_t row = 0; row < static_cast<size_t>(rows_); ++row)
    std::copy(sample.begin(), sample.end(), rows.begin() + static_cast<int64_t>(row * size_));
  write_all(timestep_, static_cast<double>(timestep), static_cast<double>(timestep));
  if (!label_.empty())
    write_all(label_, static_cast<double>(label), static_cast<double>(null_label));
  KASURI_RETURN_IF_ERROR(executor_->run_bound(task));
  KASURI_TRY(const auto outputs, executor_->bound_outputs());
  const auto made = outputs[output_].tensor().data<float>();
  for (size_t k = 0; k < size_; ++k) {
    const double with = made[k];
    prediction[k] = rows_ == 1
                        ? made[k]
                        : static_cast<float>(made[size_ + k] + scale * (with - made[size_ + k]));
  }
  return ok_status();
}

}  // namespace kasuri::profiling
