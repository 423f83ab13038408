#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "engine/exec/executor.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "profiling/runtimes/backends.h"
#include "tests/support/vector_case.h"

// Models with If, Loop and Scan on the CPU backend, against what ONNX Runtime gave for them: bodies
// run by plans of their own, with the passes `none` and `default`. KASURI_VECTORS chooses other
// vectors: those whose name holds it.
namespace kasuri {
namespace {

using testing::load_vector;
using testing::vector_names;
using testing::VectorCase;

/// Vectors that cannot agree, with the reason.
const std::map<std::string, std::string> kExceptions = {
    {"control_flow__opset_compliance__opset_15", "Bernoulli depends on the random generator"},
};

/// Steps by what ran them, bodies included.
struct StepCount {
  int control = 0, inside = 0, library_inside = 0, control_in_library = 0;
};

void count_steps(const Plan& plan, int depth, StepCount& count) {
  for (const PlanStep& step : plan.entry().steps) {
    const bool library = step.kind == StepKind::kLibrary;
    const Node& node = plan.graph().node(step.nodes.at(0));
    if (library && (node.is("If") || node.is("Loop") || node.is("Scan")))
      ++count.control_in_library;
    if (depth > 0) ++(library ? count.library_inside : count.inside);
    if (step.kind == StepKind::kControl) ++count.control;
    for (const PlanBody& body : step.bodies) count_steps(*body.plan, depth + 1, count);
  }
}

Status check(const VectorCase& vector, const std::string& passes, StepCount& count) {
  const profiling::EngineBackends& engine = profiling::engine_backends();
  KASURI_TRY(ImportedModel model, import_model(vector.model, vector.import_options()));
  KASURI_TRY(const Graph graph, infer_graph(std::move(model.graph)));
  KASURI_TRY(const Recipe recipe, parse_recipe(passes));
  KASURI_TRY(const OptimizedGraph optimized, optimize(graph, recipe, engine.services(), {}));
  KASURI_TRY(PlanPointer plan,
             make_plan(optimized.graph, optimized.decisions, engine.plan_set(), {}, {}));
  count_steps(*plan, 0, count);
  KASURI_TRY(auto executor, Executor::create(plan, engine.reference, 1));
  KASURI_TRY(const auto outputs, executor->run(vector.inputs, {}));
  if (const auto why = testing::mismatch(vector, outputs, 1e-3)) return Error(*why);
  for (size_t s = 0; s < executor->misfits().size(); ++s)
    if (!executor->misfits()[s].empty())
      fmt::print("{} ({}): {}: {}\n", vector.name, passes, plan->entry().steps[s].name,
                 executor->misfits()[s]);
  return Done{};
}

bool is_chosen(const std::string& name) {
  const char* filter = std::getenv("KASURI_VECTORS");
  if (kExceptions.contains(name)) return false;
  return filter ? name.find(filter) != std::string::npos : name.starts_with("control_flow__");
}

TEST(ControlFlow, PlannedBodiesAgreeWithOnnxRuntime) {
  StepCount count;
  int models = 0;
  for (const std::string& name : vector_names()) {
    if (!is_chosen(name)) continue;
    const auto vector = load_vector(name);
    ASSERT_TRUE(vector.ok()) << vector.error().text();
    ++models;
    for (const char* passes : {"none", "default"}) {
      const Status status = check(*vector, passes, count);
      EXPECT_TRUE(status.ok()) << name << " (" << passes << "): " << status.error().text();
    }
  }
  if (models == 0) GTEST_SKIP() << "no models/vectors in the shared folder";
  fmt::print(
      "{} models: {} control steps run planned bodies ({} steps inside compiled, {} by the "
      "library), {} by the library alone\n",
      models, count.control, count.inside, count.library_inside, count.control_in_library);
  EXPECT_GE(count.control, count.control_in_library);
}

}  // namespace
}  // namespace kasuri
