#include "tests/matrix/rewrite_graphs/graph_trial.h"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <optional>

#include "engine/exec/executor.h"
#include "engine/ir/op_catalogue.h"
#include "engine/ir/shape_inference.h"
#include "engine/onnx/importer.h"
#include "engine/plan/planner.h"
#include "engine/plan/work_estimate.h"
#include "passes/catalogue.h"
#include "passes/optimize.h"
#include "profiling/fidelity/output_difference.h"
#include "profiling/input_rule.h"
#include "profiling/inputs.h"
#include "profiling/runtimes/backends.h"
#include "tests/matrix/rewrite_graphs/observed_types.h"

namespace kasuri::testing {
namespace {

using profiling::engine_backends;
using Values = std::map<std::string, RuntimeValue>;

/// Extents of dynamic dimensions, the rule of integer inputs (engine/onnx/seeded_values.h), and the
/// rank of inputs that state none.
struct Seeds {
  int64_t extent = 1;
  std::string integers;
  int rank = 0;
  int64_t first = 0;  ///< Of axis 0, where it is not `extent`.
  std::string text() const {
    return fmt::format("extent {}, integers '{}', unstated ranks {}, first {}", extent, integers,
                       rank, first);
  }
};

constexpr int64_t kMostElements = 60'000'000;
constexpr int64_t kMostFlops = 900'000'000;

const std::vector<Seeds> kSeeds = {
    {3, ""},      {2, ""},        {1, ""},         {4, ""},           {3, "mod:2"},
    {1, "mod:2"}, {3, "const:1"}, {1, "const:1"},  {1, "const:0"},    {2, "const:0"},
    {8, "mod:2"}, {3, "", 2},     {3, "mod:2", 3}, {3, "const:0", 2}, {0, ""},
    {5, ""},      {300, ""},      {128, "", 0, 2}, {784, "", 0, 2}};

struct Prepared {
  Graph graph;
  Values inputs;
  std::vector<RuntimeValue> expected;
};

Result<ImportedModel> imported_with(const std::string& path, ImportOptions options) {
  auto model = import_model(path, options);
  if (model.ok()) return model;
  options.synthesize_weights = true;  // weights in files that the archive lacks
  auto made_up = import_model(path, options);
  return made_up.ok() ? std::move(made_up) : std::move(model);
}

Result<Graph> import_with(const std::string& path, const Seeds& seeds) {
  ImportOptions options;
  options.default_dim = seeds.extent;
  KASURI_TRY(ImportedModel model, imported_with(path, options));
  if (seeds.first == 0) return std::move(model.graph);
  for (const DimBinding& dim : model.dims)
    if (dim.is_default && dim.axis == 0) options.dims[dim.input + ":0"] = seeds.first;
  KASURI_TRY(model, imported_with(path, options));
  return std::move(model.graph);
}

Result<Graph> typed(Graph graph) {
  for (NodeId id : graph.node_ids()) KASURI_RETURN_IF_ERROR(check_signature(graph.node(id)));
  return infer_graph(std::move(graph));
}

/// Texts as inputs: "0", "1", ...
RuntimeValue text_input(const std::vector<int64_t>& extents) {
  std::vector<std::string> texts;
  for (int64_t i = 0; i < element_count(extents).value_or(0); ++i)
    texts.push_back(std::to_string(i));
  return Tensor::strings(extents, std::move(texts));
}

Result<RuntimeValue> made_up(const std::string& name, DataType dtype,
                             const std::vector<int64_t>& extents, const Seeds& seeds) {
  profiling::InputRule rule = profiling::default_rule(name, dtype);
  if (!seeds.integers.empty() && !is_float(dtype)) {
    KASURI_TRY(rule, profiling::parse_rule(seeds.integers, name, dtype));
  }
  KASURI_TRY(Tensor tensor, seeded_tensor(rule.stream, dtype, extents, rule.values));
  return RuntimeValue(std::move(tensor));
}

Result<Values> inputs_for(const Graph& graph, const Seeds& seeds) {
  profiling::InputRequest request;
  for (ValueId id : graph.inputs()) {
    const Value& input = graph.value(id);
    if (!input.type.is_tensor()) continue;
    const DataType dtype = input.type.dtype;
    const auto extents = input.type.shape
                             ? extents_of(*input.type.shape)
                             : std::vector<int64_t>(static_cast<size_t>(seeds.rank), seeds.extent);
    if (dtype == DataType::kString && extents) {
      request.given[input.name] = text_input(*extents);
    } else if (!input.type.shape || dtype == DataType::kUndefined) {
      const bool whole = !seeds.integers.empty() && dtype == DataType::kUndefined;
      const DataType type =
          dtype != DataType::kUndefined ? dtype : (whole ? DataType::kInt64 : DataType::kFloat);
      KASURI_TRY(request.given[input.name], made_up(input.name, type, *extents, seeds));
    } else if (!seeds.integers.empty() && !is_float(dtype) && dtype != DataType::kBool) {
      request.choices.push_back({input.name, seeds.integers});
    }
  }
  KASURI_TRY(const profiling::BoundInputs bound, profiling::make_inputs(graph, request));
  return bound.values;
}

std::string missing_operators(const Graph& graph) {
  std::string names;
  for (NodeId id : graph.node_ids())
    if (engine_backends().reference->why_not(graph, graph.node(id)) &&
        names.find(graph.node(id).op.name) == std::string::npos)
      names += (names.empty() ? "" : ", ") + graph.node(id).op.text();
  return names;
}

Result<std::vector<RuntimeValue>> run_optimised(const OptimizedGraph& optimised,
                                                const Values& inputs) {
  KASURI_TRY(PlanPointer plan, make_plan(optimised.graph, optimised.decisions,
                                         engine_backends().plan_set(), PlanOptions{}, {}));
  KASURI_TRY(const auto executor,
             Executor::create(std::move(plan), engine_backends().reference, 1));
  return executor->run(inputs, {});
}

Result<OptimizedGraph> optimised_by(const Graph& graph, const std::string& spec) {
  KASURI_TRY(const Recipe recipe, parse_recipe(spec));
  return optimize(graph, recipe, engine_backends().services(), {});
}

std::optional<std::string> difference(const Prepared& p, const std::vector<RuntimeValue>& got) {
  if (got.size() != p.expected.size())
    return fmt::format("{} outputs, not {}", got.size(), p.expected.size());
  profiling::Tolerance tolerance = profiling::tolerance_for(p.graph);
  // In deep chains of quantised sums a value may be two steps off.
  if (tolerance.why.starts_with("quantised")) tolerance.relative = 7e-2;
  for (size_t i = 0; i < got.size(); ++i) {
    const auto found =
        profiling::compare_output(p.graph.outputs()[i].name, p.expected[i], got[i], tolerance);
    if (found.verdict == profiling::FidelityVerdict::kBroken)
      return fmt::format("output '{}' {} (largest {:.2e})", found.name, found.why, found.largest);
  }
  return std::nullopt;
}

/// Whose fault a difference is: the rewritten graph's, or the CPU backend's.
std::string culprit(const Prepared& p, const OptimizedGraph& optimised) {
  const auto plain = run_model(*optimised.graph, p.inputs, {});
  if (!plain.ok()) return "; rewritten on the reference backend: " + plain.error().text();
  const auto why = difference(p, *plain);
  return why ? "; rewritten on the reference backend too: " + *why : "";
}

std::string differs_with(const Prepared& p, const OptimizedGraph& optimised) {
  const auto got = run_optimised(optimised, p.inputs);
  if (!got.ok()) return got.error().text();
  const auto why = difference(p, *got);
  return why ? *why + culprit(p, optimised) : "";
}

/// Recipes that come to the same graph and decisions are run once.
void try_recipes(const Prepared& p, GraphTrial& trial) {
  std::map<std::string, std::string> known;
  for (const std::string& recipe : trial_recipes()) {
    const auto optimised = optimised_by(p.graph, recipe);
    if (!optimised.ok()) {
      trial.recipe_failures[recipe] = optimised.error().text();
      continue;
    }
    for (const PassRecord& record : optimised->log.passes())
      if (record.pass == recipe && record.changed) trial.fired.insert(recipe);
    const std::string key = optimised->graph->fingerprint().hex() +
                            optimised->decisions.fingerprint(*optimised->graph).hex();
    auto at = known.find(key);
    if (at == known.end()) at = known.emplace(key, differs_with(p, *optimised)).first;
    if (!at->second.empty()) trial.recipe_failures[recipe] = at->second;
  }
}

/// A graph with operators that cannot run: plan or run must refuse it and name one of them.
void expect_named(const Graph& graph, const Values& inputs, const std::string& names,
                  GraphTrial& trial) {
  for (const std::string recipe : {"none", "all"}) {
    const auto optimised = optimised_by(graph, recipe);
    if (!optimised.ok()) {
      trial.recipe_failures[recipe] = optimised.error().text();
      continue;
    }
    const auto got = run_optimised(*optimised, inputs);
    if (got.ok()) continue;
    bool named = false;
    for (NodeId id : graph.node_ids())
      if (engine_backends().reference->why_not(graph, graph.node(id)))
        named = named || got.error().text().find(graph.node(id).op.name) != std::string::npos;
    if (!named)
      trial.recipe_failures[recipe] =
          fmt::format("'{}' names none of {}", got.error().text(), names);
  }
}

/// What would take more than a fraction of a second in plain loops.
Status check_size(const Graph& graph) {
  int64_t elements = 0, flops = 0;
  for (ValueId id : graph.value_ids()) elements += value_bytes(graph, id) / 4;
  for (NodeId id : graph.node_ids()) flops += flops_of(graph, graph.node(id));
  if (elements <= kMostElements && flops <= kMostFlops) return Done{};
  return Error(
      fmt::format("too large to run in this test: {} million elements, {} million operations",
                  elements / 1'000'000, flops / 1'000'000));
}

Result<Prepared> prepare(Graph imported, const Seeds& seeds, GraphTrial& trial) {
  KASURI_TRY_IN(Graph graph, typed(std::move(imported)), "cannot be typed");
  if (!std::getenv("KASURI_CASE")) KASURI_RETURN_IF_ERROR(check_size(graph));
  KASURI_TRY(Values inputs, inputs_for(graph, seeds));
  ObservedTypes types(graph);
  KASURI_TRY(auto outputs, run_model(graph, inputs, {}, types.observer()));
  trial.type_failure = types.difference();
  return Prepared{std::move(graph), std::move(inputs), std::move(outputs)};
}

/// Nothing to run: refusals must name the operators that are missing.
bool lacks_operators(const Graph& imported, GraphTrial& trial) {
  const std::string missing = missing_operators(imported);
  if (missing.empty()) return false;
  trial.run_failure = "no kernel for " + missing;
  const auto graph = typed(imported);
  const auto inputs =
      graph.ok() ? inputs_for(*graph, kSeeds.front()) : Result<Values>(graph.error());
  if (inputs.ok()) expect_named(*graph, *inputs, missing, trial);
  return true;
}

void run_trial(const std::string& path, GraphTrial& trial) {
  for (const Seeds& seeds : kSeeds) {
    auto graph = import_with(path, seeds);
    if (!graph.ok()) {
      if (trial.import_failure.empty()) trial.import_failure = graph.error().text();
      continue;
    }
    trial.imported = true;
    if (lacks_operators(*graph, trial)) return;
    const auto prepared = prepare(*std::move(graph), seeds, trial);
    if (!prepared.ok()) {
      if (trial.run_failure.empty()) trial.run_failure = prepared.error().text();
      continue;
    }
    trial.run_failure.clear();
    trial.seeds = seeds.text();
    return try_recipes(*prepared, trial);
  }
}

}  // namespace

std::vector<std::string> trial_recipes() {
  std::vector<std::string> recipes = {"none"};
  for (const Pass& pass : catalogue())
    if (!pass.always_on) recipes.push_back(pass.name);
  recipes.insert(recipes.end(), {"default", "all"});
  return recipes;
}

std::string GraphTrial::text() const {
  std::string lines;
  const auto add = [&](const std::string& what, const std::string& why) {
    if (!why.empty()) lines += fmt::format("\n    {}: {}", what, why);
  };
  if (!imported) add("import", import_failure);
  add("run", run_failure);
  add("types", type_failure);
  for (const auto& [recipe, why] : recipe_failures) add(recipe, why);
  return lines + (seeds.empty() ? "" : "\n    (" + seeds + ")");
}

GraphTrial try_graph(const std::string& path) {
  GraphTrial trial;
  try {
    run_trial(path, trial);
  } catch (const std::exception& e) {
    trial.recipe_failures["internal"] = e.what();
  }
  return trial;
}

}  // namespace kasuri::testing
