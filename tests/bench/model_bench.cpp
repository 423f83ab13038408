// model_bench MODEL [RECIPE] [THREADS] [RUNS] [NAME=DIM...]: plans a model, times whole runs and
// its dearest steps. For people; nothing is asserted.
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "engine/backend/cpu/cpu_backend.h"
#include "engine/backend/reference/reference_backend.h"
#include "engine/base/atomic_file.h"
#include "engine/exec/executor.h"
#include "engine/onnx/importer.h"
#include "engine/onnx/seeded_values.h"
#include "engine/plan/planner.h"
#include "passes/optimize.h"

namespace {

using namespace kasuri;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// CPU time of this thread with one thread (other programs disturb it less), else wall time.
class StepTimes : public ExecutionObserver {
 public:
  explicit StepTimes(int threads)
      : clock_(threads > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID) {}
  void on_step_begin(const PlanStep&) override { start_ = now(); }
  void on_step_end(const PlanStep& step) override {
    times[step.id.index()].push_back(now() - start_);
  }
  std::map<uint32_t, std::vector<double>> times;

 private:
  double now() const {
    timespec t;
    clock_gettime(clock_, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
  }
  clockid_t clock_;
  double start_ = 0;
};

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<long>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

template <typename T>
T must(Result<T> result) {
  if (!result.ok()) {
    fmt::print(stderr, "{}\n", result.error().text());
    std::exit(1);
  }
  return std::move(result).value();
}

/// Floats in [-1, 1), integers 0 and 1: valid tokens, masks and flags.
RuntimeValue made_up(const Value& v) {
  SeededRule rule;
  if (!is_float(v.type.dtype)) rule.kind = SeededRule::Kind::kModulo;
  return must(seeded_tensor(v.name, v.type.dtype, *extents_of(*v.type.shape), rule));
}

struct Options {
  std::string model, recipe = "default";
  int threads = 1, runs = 20;
  ImportOptions import;
};

Options parse(int argc, char** argv) {
  Options o;
  o.model = argv[1];
  if (argc > 2) o.recipe = argv[2];
  if (argc > 3) o.threads = std::stoi(argv[3]);
  if (argc > 4) o.runs = std::stoi(argv[4]);
  for (int i = 5; i < argc; ++i) {
    const std::string word = argv[i];
    const size_t at = word.find('=');
    o.import.dims[word.substr(0, at)] = std::stoll(word.substr(at + 1));
  }
  o.import.synthesize_weights = true;
  return o;
}

void print_steps(const PlanEntry& entry, const StepTimes& times) {
  struct Line {
    const PlanStep* step;
    double ms;
  };
  std::vector<Line> lines;
  double total = 0;
  std::map<std::string, std::pair<int, double>> by_op;
  for (const PlanStep& s : entry.steps) {
    const std::vector<double>& samples = times.times.at(s.id.index());
    const double ms = *std::min_element(samples.begin(), samples.end());
    lines.push_back({&s, ms});
    total += ms;
    auto& sum = by_op[s.op + " [" + s.backend + "]"];
    ++sum.first;
    sum.second += ms;
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.ms > b.ms; });
  fmt::print("sum of the steps' minima {:.3f} ms\n", total);
  for (size_t i = 0; i < std::min<size_t>(60, lines.size()); ++i) {
    const PlanStep& s = *lines[i].step;
    fmt::print("{:8.3f} ms {:6.1f} GF/s {:7.1f} MiB  {:40.40} {:50.50} {} {}\n", lines[i].ms,
               static_cast<double>(s.flops) / lines[i].ms / 1e6,
               static_cast<double>(s.bytes_read + s.bytes_written) / 1048576.0, s.op, s.name,
               s.kernel ? s.kernel->description() : s.backend, s.fallback_reason);
  }
  std::vector<std::pair<double, std::string>> ops;
  for (const auto& [op, sum] : by_op)
    ops.push_back({sum.second, fmt::format("{} x{}", op, sum.first)});
  std::sort(ops.rbegin(), ops.rend());
  for (size_t i = 0; i < std::min<size_t>(20, ops.size()); ++i)
    fmt::print("{:8.3f} ms  {}\n", ops[i].first, ops[i].second);
}

int run(const Options& o) {
  auto start = Clock::now();
  const ImportedModel model = must(import_model(o.model, o.import));
  fmt::print("import {:.1f} ms, {} nodes\n", ms_since(start), model.graph.node_count());
  auto library = std::make_shared<ReferenceBackend>();
  const auto cpu = must(cpu::create_backend(must(cache_folder("kernels"))));
  start = Clock::now();
  const OptimizedGraph optimized =
      must(optimize(model.graph, must(parse_recipe(o.recipe)),
                    {*library, cpu->legality(), cpu->cost_model()}, {}));
  fmt::print("optimize {:.1f} ms, {} nodes, {} groups\n", ms_since(start),
             optimized.graph->node_count(), optimized.decisions.groups().size());
  start = Clock::now();
  BackendSet backends{{cpu}, library};
  PlanOptions options;
  options.threads = o.threads;
  const PlanPointer plan =
      must(make_plan(optimized.graph, optimized.decisions, backends, options, {}));
  const PlanEntry& entry = plan->entry();
  fmt::print("plan {:.1f} ms, {} steps, arena {:.2f} MiB (bound {:.2f}), packed {:.1f} MiB\n",
             ms_since(start), entry.steps.size(),
             static_cast<double>(entry.memory.arena_bytes) / 1048576.0,
             static_cast<double>(entry.memory.arena_lower_bound_bytes) / 1048576.0,
             static_cast<double>(entry.memory.packed_weights_bytes) / 1048576.0);
  auto executor = must(Executor::create(plan, library, o.threads));
  std::map<std::string, RuntimeValue> inputs;
  for (ValueId id : plan->graph().inputs()) {
    const Value& v = plan->graph().value(id);
    inputs[v.name] = made_up(v);
  }
  must(executor->bind(inputs));
  for (int i = 0; i < 3; ++i) must(executor->run_bound({}));
  std::vector<double> times;
  for (int i = 0; i < o.runs; ++i) {
    start = Clock::now();
    must(executor->run_bound({}));
    times.push_back(ms_since(start));
  }
  fmt::print("min {:.3f} ms, median {:.3f} ms\n", *std::min_element(times.begin(), times.end()),
             median(times));
  StepTimes steps(o.threads);
  for (int i = 0; i < o.runs; ++i) must(executor->run_bound({}, &steps));
  print_steps(entry, steps);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: model_bench MODEL [RECIPE] [THREADS] [RUNS] [DIM=N...]\n");
    return 2;
  }
  return run(parse(argc, argv));
}
