#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <set>

#include "engine/exec/executor.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"
#include "profiling/inputs.h"
#include "profiling/runtimes/backends.h"
#include "tests/matrix/collection_table.h"
#include "tests/support/vector_case.h"

// Every model of the shared collection on the CPU backend with the passes `none` and `default`:
// against what ONNX Runtime gave for it, or, where there is no such vector, that it runs and that
// the passes change nothing. collection.txt names what cannot, and why; what is named and passes
// fails the test. Models it calls slow run where KASURI_COLLECTION is "all" or a part of their
// name.
namespace kasuri {
namespace {

using testing::CollectionNote;
using testing::VectorCase;
using Outputs = std::vector<RuntimeValue>;

const char* const kPasses[] = {"none", "default"};

struct ModelCase {
  std::string name;
  CollectionNote note;
  std::optional<VectorCase> vector;

  std::string folder() const { return name.substr(0, name.find('/')); }
  std::string file() const { return testing::shared_folder() + "/models/" + name + ".onnx"; }
};

ImportOptions options_of(const ModelCase& model) {
  if (model.vector) return model.vector->import_options();
  ImportOptions options;
  options.dims = model.note.dims;
  options.synthesize_weights = true;
  return options;
}

struct Run {
  Outputs outputs;
  std::map<std::string, RuntimeValue> inputs;
  Graph graph;
};

Result<Run> run_on_cpu(const ModelCase& model, const std::string& passes) {
  const profiling::EngineBackends& engine = profiling::engine_backends();
  KASURI_TRY(ImportedModel imported, import_model(model.file(), options_of(model)));
  Run run;
  KASURI_TRY(run.graph, infer_graph(std::move(imported.graph)));
  if (model.vector) {
    run.inputs = model.vector->inputs;
  } else {
    KASURI_TRY(profiling::BoundInputs bound, profiling::make_inputs(run.graph, {}));
    run.inputs = std::move(bound.values);
  }
  KASURI_TRY(const Recipe recipe, parse_recipe(passes));
  KASURI_TRY(const OptimizedGraph optimized, optimize(run.graph, recipe, engine.services(), {}));
  KASURI_TRY(PlanPointer plan,
             make_plan(optimized.graph, optimized.decisions, engine.plan_set(), {}, {}));
  KASURI_TRY(auto executor, Executor::create(plan, engine.reference, 1));
  KASURI_TRY(run.outputs, executor->run(run.inputs, {}));
  return run;
}

testing::VectorTolerance tolerance_of(const ModelCase& model) {
  testing::VectorTolerance tolerance;
  tolerance.any_order = model.note.any_order;
  if (model.folder() == "quantized") tolerance.floats = tolerance.codes = 5e-2;
  return tolerance;
}

/// Without a vector: the results of `default` are those of the reference backend.
Status agrees_with_reference(const ModelCase& model, const Run& run) {
  KASURI_TRY(const Outputs expected, run_model(run.graph, run.inputs, TaskContext{}));
  VectorCase vector;
  for (size_t i = 0; i < expected.size(); ++i)
    vector.outputs.push_back(testing::expected_output(run.graph.outputs()[i].name, expected[i]));
  if (const auto why = testing::mismatch(vector, run.outputs, tolerance_of(model)))
    return Error("not as the reference backend: " + *why);
  return Done{};
}

Status check(const ModelCase& model, const std::string& passes) {
  KASURI_TRY(const Run run, run_on_cpu(model, passes));
  if (!model.vector) return passes == "default" ? agrees_with_reference(model, run) : Done{};
  if (const auto why = testing::mismatch(*model.vector, run.outputs, tolerance_of(model)))
    return Error(*why);
  return Done{};
}

Status guarded(const ModelCase& model, const std::string& passes) {
  try {
    return check(model, passes);
  } catch (const std::exception& e) {
    return Error(std::string("internal: ") + e.what(), ErrorKind::kInternal);
  }
}

bool is_chosen(const std::string& name, const CollectionNote& note) {
  const char* wanted = std::getenv("KASURI_COLLECTION");
  if (wanted == nullptr) return !note.slow;
  return std::string(wanted) == "all" || name.find(wanted) != std::string::npos;
}

/// How the models of one folder fared.
struct Counts {
  int vectors = 0, matched[2] = {0, 0}, others = 0, ran[2] = {0, 0}, named = 0;
};

void run_model_case(const ModelCase& model, Counts& counts) {
  ++(model.vector ? counts.vectors : counts.others);
  bool failed = false;
  for (size_t i = 0; i < 2; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const Status status = guarded(model, kPasses[i]);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    fmt::print("{:64} {:8} {:7} {:6.2f} s  {}\n", model.name, kPasses[i],
               !status.ok()   ? "NO"
               : model.vector ? "matches"
                              : "runs",
               seconds, status.ok() ? "" : status.error().text());
    std::fflush(stdout);
    if (status.ok()) {
      ++(model.vector ? counts.matched : counts.ran)[i];
      continue;
    }
    failed = true;
    EXPECT_FALSE(model.note.fails.empty())
        << model.name << " (" << kPasses[i] << "): " << status.error().text();
  }
  if (failed) ++counts.named;
  EXPECT_TRUE(failed || model.note.fails.empty())
      << model.name << " passes: take its reason out of collection.txt";
}

void print_counts(const std::map<std::string, Counts>& table) {
  fmt::print("{:14} {:>12} {:>13} {:>16} {:>15} {:>10} {:>13} {:>13}\n", "folder", "with vector",
             "match (none)", "match (default)", "without vector", "run (none)", "run (default)",
             "reason named");
  for (const auto& [folder, c] : table)
    fmt::print("{:14} {:12} {:13} {:16} {:15} {:10} {:13} {:13}\n", folder, c.vectors, c.matched[0],
               c.matched[1], c.others, c.ran[0], c.ran[1], c.named);
}

TEST(Collection, RunsAndAgreesWithOnnxRuntime) {
  const char* source = std::getenv("KASURI_SOURCE");
  const auto table = testing::read_collection_table(std::filesystem::path(source ? source : ".") /
                                                    "tests" / "matrix" / "collection.txt");
  const std::vector<std::string> models = testing::collection_models();
  if (models.empty()) GTEST_SKIP() << "no models in the shared folder";
  for (const auto& [name, note] : table)
    EXPECT_TRUE(std::binary_search(models.begin(), models.end(), name))
        << name << " is in collection.txt only";
  const std::vector<std::string> names = testing::vector_names();
  const std::set<std::string> vectors(names.begin(), names.end());
  std::map<std::string, Counts> counts;
  for (const std::string& name : models) {
    ModelCase model{name, {}, {}};
    if (const auto it = table.find(name); it != table.end()) model.note = it->second;
    if (!is_chosen(name, model.note)) continue;
    if (const std::string key = testing::vector_key(name); vectors.contains(key)) {
      auto vector = testing::load_vector(key);
      ASSERT_TRUE(vector.ok()) << name << ": " << vector.error().text();
      model.vector = *std::move(vector);
    }
    run_model_case(model, counts[model.folder()]);
  }
  print_counts(counts);
}

}  // namespace
}  // namespace kasuri
