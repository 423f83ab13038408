#include "profiling/dynamic/exit_measure.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "profiling/clock.h"

namespace kasuri::profiling {
namespace {

/// Early, the full model, and all parts, in turn. What ran before decides which weights still lie
/// in the caches, so everyone follows everyone.
constexpr std::array<std::array<size_t, 3>, 6> kOrders = {
    {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1}, {2, 0, 1}, {1, 0, 2}}};
constexpr int64_t kRepeats = 3;
constexpr int kResamples = 400;
constexpr int kCostRuns = 60;

NamedTensors batch_at(const LabelledData& data, int64_t batch, int64_t number) {
  std::vector<int64_t> rows(static_cast<size_t>(batch));
  for (int64_t i = 0; i < batch; ++i)
    rows[static_cast<size_t>(i)] = (number * batch + i) % data.count;
  return data.batch(rows);
}

/// Bootstrap over inputs.
Interval ratio_of_means(const std::vector<double>& top, const std::vector<double>& bottom) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<size_t> pick(0, top.size() - 1);
  std::vector<double> ratios;
  for (int r = 0; r < kResamples; ++r) {
    double a = 0, b = 0;
    for (size_t i = 0; i < top.size(); ++i) {
      const size_t k = pick(random);
      a += top[k];
      b += bottom[k];
    }
    ratios.push_back(a / b);
  }
  return {mean(top) / mean(bottom), quantile(ratios, 0.025), quantile(ratios, 0.975)};
}

Interval median_ratio(const std::vector<double>& top, const std::vector<double>& bottom) {
  std::vector<double> ratios;
  for (size_t i = 0; i < top.size(); ++i) ratios.push_back(top[i] / bottom[i]);
  const Interval found = median_interval(ratios, 0.95);
  return {median(ratios), found.low, found.high};
}

}  // namespace

Result<ExitLatency> measure_exits(ExitRunner& runner, const LabelledData& data,
                                  const ExitPolicy& policy, int64_t batch, int64_t batches,
                                  const TaskContext& context) {
  ExitLatency latency;
  latency.batch = batch;
  const ExitPolicy whole{policy.gate, std::vector<double>(policy.thresholds.size(), -0.5)};
  std::vector<double> share(policy.thresholds.size() + 1, 0);
  for (int64_t b = -2; b < batches; ++b) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    if (b % 32 == 0)
      context.report("Measuring", static_cast<double>(b), static_cast<double>(batches));
    const NamedTensors inputs = batch_at(data, batch, std::max<int64_t>(b, 0));
    std::array<std::vector<double>, 3> times;
    for (int64_t r = 0; r < kRepeats; ++r) {
      const auto turn = static_cast<size_t>((b + 2) * kRepeats + r);
      for (const size_t side : kOrders[turn % kOrders.size()]) {
        const Stopwatch watch;
        auto answer = side == 0   ? runner.run(inputs, policy, context)
                      : side == 1 ? runner.run_full(inputs, context)
                                  : runner.run(inputs, whole, context);
        times[side].push_back(watch.milliseconds());
        if (!answer.ok()) return std::move(answer).error();
        if (side == 0 && r == 0 && b >= 0)
          for (size_t exit : answer->exits) share[exit] += 1.0 / static_cast<double>(batch);
      }
    }
    if (b < 0) continue;
    latency.early_ms.push_back(median(times[0]));
    latency.full_ms.push_back(median(times[1]));
    latency.whole_ms.push_back(median(times[2]));
  }
  KASURI_TRY(const ExitRunner::Costs costs,
             runner.measure_costs(batch_at(data, batch, 0), kCostRuns, context));
  double reached = 0;
  for (size_t k = 0; k < share.size(); ++k) {
    reached += costs.part_ms[k];
    latency.expected_ms += share[k] / static_cast<double>(batches) * reached;
  }
  latency.speedup = ratio_of_means(latency.full_ms, latency.early_ms);
  latency.worst_case = median_ratio(latency.whole_ms, latency.full_ms);
  return latency;
}

}  // namespace kasuri::profiling
