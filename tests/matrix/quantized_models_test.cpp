#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "engine/exec/executor.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "profiling/runtimes/backends.h"
#include "tests/support/vector_case.h"

// Quantised models on the CPU backend, against what ONNX Runtime gave for them, with the passes
// `none` and `default`, and how many of their contractions run over 8-bit codes.
namespace kasuri {
namespace {

using testing::load_vector;
using testing::vector_names;
using testing::VectorCase;

/// One step of the last quantised tensor may differ after many roundings.
constexpr double kTolerance = 5e-2;

/// Contractions over codes that a model has at least with the default passes.
const std::map<std::string, int> kOverCodes = {
    {"quantized__qdq_mobilenetv2_244", 53},
    {"quantized__ortq_mobilenet_v3_small_qdq_perchannel", 54},
    {"quantized__ortq_squeezenet1_1_qoperator", 26},
    {"quantized__ortq_whisper_mini_decoder_with_past_dynamic_int8", 17},
    {"quantized__qdq_multi_consumer_dq", 6},
    {"quantized__conv_qdq_s8s8_perchannel", 1},
    {"quantized__qtdnn_tract", 1},
};

struct StepCount {
  int over_codes = 0, library = 0, all = 0;
};

StepCount count_steps(const Plan& plan) {
  StepCount count;
  for (const PlanStep& step : plan.entry().steps) {
    ++count.all;
    count.library += step.kind == StepKind::kLibrary;
    count.over_codes +=
        step.kernel && step.kernel->description().find("8-bit codes") != std::string::npos;
  }
  return count;
}

Status check(const VectorCase& vector, const std::string& passes, StepCount& count) {
  const profiling::EngineBackends& engine = profiling::engine_backends();
  KASURI_TRY(ImportedModel model, import_model(vector.model, vector.import_options()));
  KASURI_TRY(const Graph graph, infer_graph(std::move(model.graph)));
  KASURI_TRY(const Recipe recipe, parse_recipe(passes));
  KASURI_TRY(const OptimizedGraph optimized, optimize(graph, recipe, engine.services(), {}));
  KASURI_TRY(PlanPointer plan,
             make_plan(optimized.graph, optimized.decisions, engine.plan_set(), {}, {}));
  count = count_steps(*plan);
  KASURI_TRY(auto executor, Executor::create(plan, engine.reference, 1));
  KASURI_TRY(const auto outputs, executor->run(vector.inputs, {}));
  if (const auto why = testing::mismatch(vector, outputs, kTolerance)) return Error(*why);
  return Done{};
}

TEST(QuantizedModels, AgreeWithOnnxRuntime) {
  int models = 0;
  for (const std::string& name : vector_names()) {
    if (!name.starts_with("quantized__")) continue;
    ++models;
    const auto vector = load_vector(name);
    ASSERT_TRUE(vector.ok()) << name << ": " << vector.error().text();
    for (const std::string passes : {"none", "default"}) {
      StepCount count;
      const Status status = check(*vector, passes, count);
      EXPECT_TRUE(status.ok()) << name << " (" << passes << "): " << status.error().text();
      fmt::print("{:60} {:8} {:3} steps, {:3} over 8-bit codes, {:3} by the library\n", name,
                 passes, count.all, count.over_codes, count.library);
      const auto expected = kOverCodes.find(name);
      if (passes != "default" || expected == kOverCodes.end()) continue;
      EXPECT_GE(count.over_codes, expected->second) << name;
    }
  }
  if (models == 0) GTEST_SKIP() << "no models/vectors in the shared folder";
}

}  // namespace
}  // namespace kasuri
