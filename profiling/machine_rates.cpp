#include "profiling/machine_rates.h"

#include <algorithm>
#include <cmath>

#include "engine/exec/executor.h"
#include "engine/ir/shape_inference.h"
#include "engine/plan/planner.h"
#include "profiling/clock.h"
#include "profiling/inputs.h"
#include "profiling/runtimes/backends.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

constexpr int64_t kSide = 384;  ///< Of the square matrices of the arithmetic probe.
constexpr int kShortChain = 1, kLongChain = 9, kRuns = 15;
constexpr double kCachedBytes = 1 << 20, kMemoryBytes = 32 << 20;

Result<double> run_ms(Graph graph, int threads, const TaskContext& context) {
  KASURI_TRY(graph, infer_graph(std::move(graph)));
  const EngineBackends& backends = engine_backends();
  PlanOptions options;
  options.threads = threads;
  const auto shared = std::make_shared<const Graph>(std::move(graph));
  KASURI_TRY(const PlanPointer plan,
             make_plan(shared, PlanDecisions(), backends.plan_set(), options, context));
  KASURI_TRY(const auto executor, Executor::create(plan, backends.reference, threads));
  KASURI_TRY(const BoundInputs inputs, make_inputs(*shared, {}));
  KASURI_RETURN_IF_ERROR(executor->bind(inputs.values));
  std::vector<double> times;
  for (int i = 0; i < kRuns; ++i) {
    const Stopwatch watch;
    KASURI_RETURN_IF_ERROR(executor->run_bound(context));
    times.push_back(watch.milliseconds());
  }
  return median(times);
}

/// `length` steps that each read and write `elements` floats.
Graph movement_chain(int64_t elements, int length) {
  GraphBuilder builder("movement");
  builder.opset("", 17);
  ValueId value = builder.input("x", ValueType::tensor(DataType::kFloat, shape_of({elements})));
  for (int i = 0; i < length; ++i)
    value = builder.add(OpKind{"", "Neg"}, "step" + std::to_string(i), {value}).front();
  builder.output("y", value);
  return *builder.take();
}

/// `length` square matrix products by one constant matrix.
Graph product_chain(int length) {
  GraphBuilder builder("products");
  builder.opset("", 17);
  ValueId value = builder.input("x", ValueType::tensor(DataType::kFloat, shape_of({kSide, kSide})));
  const std::vector<float> weights(kSide * kSide, 1.0F / kSide);
  const ValueId matrix = builder.constant("w", Tensor::of<float>({kSide, kSide}, weights));
  for (int i = 0; i < length; ++i)
    value = builder.add(OpKind{"", "MatMul"}, "step" + std::to_string(i), {value, matrix}).front();
  builder.output("y", value);
  return *builder.take();
}

/// What one more step costs: inputs and outputs of the chain cancel out.
template <class Make>
Result<double> ms_per_step(Make make, int threads, const TaskContext& context) {
  KASURI_TRY(const double one, run_ms(make(kShortChain), threads, context));
  KASURI_TRY(const double many, run_ms(make(kLongChain), threads, context));
  return std::max(1e-6, (many - one) / (kLongChain - kShortChain));
}

double bytes_per_ms(double bytes, const MachineRates& rates) {
  const double share = std::clamp(
      std::log(std::max(bytes, 1.0) / kCachedBytes) / std::log(kMemoryBytes / kCachedBytes), 0.0,
      1.0);
  return std::exp((1 - share) * std::log(rates.cached_bytes_per_ms) +
                  share * std::log(rates.memory_bytes_per_ms));
}

}  // namespace

Result<MachineRates> measure_rates(int threads, const TaskContext& context) {
  context.report("Measuring what this machine can do");
  const auto movement = [](int64_t elements) {
    return [elements](int length) { return movement_chain(elements, length); };
  };
  MachineRates rates;
  KASURI_TRY(rates.step_ms, ms_per_step(movement(16), threads, context));
  constexpr int64_t kSmall = 16 << 10, kLarge = 8 << 20;
  KASURI_TRY(const double small, ms_per_step(movement(kSmall), threads, context));
  KASURI_TRY(const double large, ms_per_step(movement(kLarge), threads, context));
  KASURI_TRY(const double product, ms_per_step(product_chain, threads, context));
  rates.cached_bytes_per_ms = 8.0 * kSmall / std::max(1e-6, small - rates.step_ms);
  rates.memory_bytes_per_ms =
      std::min(rates.cached_bytes_per_ms, 8.0 * kLarge / std::max(1e-6, large - rates.step_ms));
  rates.contraction_flops_per_ms =
      2.0 * kSide * kSide * kSide / std::max(1e-6, product - rates.step_ms);
  return rates;
}

std::vector<double> step_estimates(const PlanEntry& entry, const MachineRates& rates) {
  std::vector<double> list;
  list.reserve(entry.steps.size());
  for (const PlanStep& step : entry.steps) {
    const auto bytes = static_cast<double>(step.bytes_read + step.bytes_written);
    const double arithmetic = static_cast<double>(step.flops) / rates.contraction_flops_per_ms;
    list.push_back(std::max(arithmetic, bytes / bytes_per_ms(bytes, rates)) + rates.step_ms);
  }
  return list;
}

double estimate_ms(const Plan& plan, const MachineRates& rates) {
  double ms = 0;
  for (const PlanEntry& entry : plan.entries())
    for (const double step : step_estimates(entry, rates)) ms += step;
  return ms;
}

}  // namespace kasuri::profiling
