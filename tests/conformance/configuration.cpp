#include "tests/conformance/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/backend/reference/reference_backend.h"
#include "engine/base/atomic_file.h"
#include "engine/exec/executor.h"
#include "engine/ir/graph_patch.h"
#include "engine/ir/op_catalogue.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "tests/conformance/random_properties.h"
#include "tests/support/value_comparison.h"

namespace kasuri::testing {
namespace {

using Values = std::vector<RuntimeValue>;
using Runner = std::function<Result<Values>(const std::map<std::string, RuntimeValue>&)>;

/// The backends of this build, made once.
struct Engine {
  std::shared_ptr<const ReferenceBackend> reference = std::make_shared<const ReferenceBackend>();
  std::shared_ptr<const Backend> cpu;

  Services services() const { return {*reference, cpu->legality(), cpu->cost_model()}; }
  BackendSet backends() const { return {{cpu}, reference}; }
};

const Engine& engine() {
  static const Engine kEngine = [] {
    Engine e;
    const auto cache = cache_folder("kernels");
    e.cpu = *cpu::create_backend(cache.ok() ? *cache : "");
    return e;
  }();
  return kEngine;
}

struct Loaded {
  const NodeCase* node_case;
  ImportedModel model;
  Graph typed;
  std::vector<DataSet> sets;
};

/// Dynamic dimensions are those of the data.
ImportOptions options_for(const Graph& graph, const DataSet& set) {
  ImportOptions options;
  options.ignore_unknown_dims = true;
  for (size_t i = 0; i < set.inputs.size(); ++i) {
    if (!set.inputs[i].is_tensor()) continue;
    const std::string& name = graph.value(graph.inputs()[i]).name;
    const auto& extents = set.inputs[i].tensor().extents();
    for (size_t d = 0; d < extents.size(); ++d)
      options.dims[fmt::format("{}:{}", name, d)] = extents[d];
  }
  return options;
}

Result<Loaded> load(const NodeCase& node_case) {
  Loaded out{&node_case, {}, {}, {}};
  KASURI_TRY(out.model, import_model(node_case.model()));
  for (NodeId id : out.model.graph.node_ids())
    KASURI_RETURN_IF_ERROR(check_signature(out.model.graph.node(id)));
  KASURI_TRY(out.sets, data_sets(node_case, out.model));
  if (!out.model.dims.empty() && !out.sets.empty()) {
    const ImportOptions bound = options_for(out.model.graph, out.sets[0]);
    KASURI_TRY(out.model, import_model(node_case.model(), bound));
  }
  KASURI_TRY_IN(out.typed, infer_graph(out.model.graph), "inferring types");
  return out;
}

std::map<std::string, RuntimeValue> named(const Graph& graph, const Values& values) {
  std::map<std::string, RuntimeValue> out;
  for (size_t i = 0; i < values.size(); ++i) out[graph.value(graph.inputs()[i]).name] = values[i];
  return out;
}

Status compare(const Loaded& loaded, const DataSet& set, const Values& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!std::filesystem::exists(set.outputs[i])) continue;
    KASURI_TRY(const RuntimeValue expected, expected_output(set, loaded.model, i, outputs[i]));
    if (const auto why = difference(outputs[i], expected))
      return Error(fmt::format("output {}: {}", i, *why));
  }
  return Done{};
}

Status hold(const Loaded& loaded, size_t sets, const RandomProperty* property, const Runner& run) {
  for (const DataSet& set : std::span(loaded.sets).first(std::min(sets, loaded.sets.size()))) {
    KASURI_TRY(const Values outputs, run(named(loaded.model.graph, set.inputs)));
    if (property == nullptr)
      KASURI_RETURN_IF_ERROR(compare(loaded, set, outputs));
    else
      KASURI_RETURN_IF_ERROR((*property)(set.inputs, outputs));
  }
  return Done{};
}

int compiled_steps(const Plan& plan) {
  int count = 0;
  for (const PlanStep& step : plan.entry().steps) {
    if (step.kind == StepKind::kKernel || step.kind == StepKind::kCopy) ++count;
    for (const PlanBody& body : step.bodies) count += compiled_steps(*body.plan);
  }
  return count;
}

/// The typed graph with the values of `set` in place of all inputs but the first.
Result<Graph> with_constants(const Loaded& loaded, const DataSet& set) {
  Graph graph = loaded.model.graph;
  GraphPatch patch(graph, "constants");
  for (size_t i = 1; i < set.inputs.size(); ++i) {
    if (!set.inputs[i].is_tensor()) continue;
    const ValueId input = graph.inputs()[i];
    patch.replace_value(input,
                        patch.add_constant(fmt::format("{}.constant", graph.value(input).name),
                                           set.inputs[i].tensor()));
  }
  KASURI_TRY(const GraphPatch undo, patch.apply(graph));
  (void)undo;
  return infer_graph(std::move(graph));
}

Status run_plan(const Loaded& loaded, const RandomProperty* property,
                const Configuration& configuration, int& kernels) {
  KASURI_TRY(const Recipe recipe, parse_recipe(configuration.recipe));
  Graph graph = loaded.typed;
  if (configuration.constants && !loaded.sets.empty()) {
    KASURI_TRY_IN(graph, with_constants(loaded, loaded.sets[0]), "with constants");
  }
  KASURI_TRY_IN(const OptimizedGraph optimized, optimize(graph, recipe, engine().services(), {}),
                "rewriting");
  PlanOptions options;
  options.reference_only = configuration.backend == "reference";
  KASURI_TRY_IN(
      PlanPointer plan,
      make_plan(optimized.graph, optimized.decisions, engine().backends(), options, TaskContext{}),
      "planning");
  kernels = compiled_steps(*plan);
  KASURI_TRY(const auto executor, Executor::create(plan, engine().reference, 1));
  return hold(loaded, configuration.constants ? 1 : SIZE_MAX, property,
              [&](const auto& inputs) { return executor->run(inputs, TaskContext{}); });
}

Status run_one(const Loaded& loaded, const Configuration& configuration, Outcome& outcome) {
  const RandomProperty* property = random_property(loaded.node_case->name);
  outcome.by_property = property != nullptr;
  if (configuration.recipe != "raw")
    return run_plan(loaded, property, configuration, outcome.kernels);
  return hold(loaded, SIZE_MAX, property, [&](const auto& inputs) {
    return run_model(loaded.model.graph, inputs, TaskContext{});
  });
}

template <typename F>
Status guarded(F run) {
  try {
    return run();
  } catch (const std::exception& e) {
    return Error(std::string("internal: ") + e.what(), ErrorKind::kInternal);
  }
}

}  // namespace

const std::vector<Configuration>& configurations() {
  static const std::vector<Configuration> kAll = [] {
    std::vector<Configuration> all = {{"reference", "raw"},  {"reference", "default"},
                                      {"reference", "all"},  {"cpu", "none"},
                                      {"cpu", "default"},    {"cpu", "all"},
                                      {"cpu", "none", true}, {"cpu", "default", true}};
    for (const Pass& pass : catalogue())
      if (!pass.always_on) all.push_back({"cpu", pass.name});
    return all;
  }();
  return kAll;
}

Outcomes run_case(const NodeCase& node_case) {
  Outcomes outcomes(configurations().size());
  std::optional<Loaded> loaded;
  const Status read = guarded([&]() -> Status {
    KASURI_TRY(loaded, load(node_case));
    return Done{};
  });
  for (size_t k = 0; k < outcomes.size(); ++k)
    outcomes[k].status =
        loaded ? guarded([&] { return run_one(*loaded, configurations()[k], outcomes[k]); }) : read;
  return outcomes;
}

}  // namespace kasuri::testing
