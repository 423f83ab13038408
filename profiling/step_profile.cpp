#include "profiling/step_profile.h"

#include <nlohmann/json.hpp>

#include "profiling/clock.h"
#include "profiling/statistics.h"
#include "profiling/worker/describe_plan.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

class StepTimer : public ExecutionObserver {
 public:
  explicit StepTimer(StepProfile& profile) : profile_(profile) {}
  void on_step_begin(const PlanStep&) override { began_ = watch_.milliseconds(); }
  void on_step_end(const PlanStep& step) override {
    const double now = watch_.milliseconds();
    profile_.step_ms[step.id.index()].push_back(now - began_);
    profile_.start_ms[step.id.index()].push_back(began_);
  }

 private:
  StepProfile& profile_;
  Stopwatch watch_;
  double began_ = 0;
};

json describe_step_times(const json& step, const std::vector<double>& times,
                         const std::vector<double>& starts, double total) {
  const Figure p90 = percentile(times, 90);
  const double middle = times.empty() ? 0 : median(times);
  return {{"id", step["id"]},
          {"name", step["name"]},
          {"op", step["op"]},
          {"kind", step["kind"]},
          {"nodes", step["nodes"]},
          {"sources", step["sources"]},
          {"median_ms", middle},
          {"p90_ms", p90.value ? json(*p90.value) : json()},
          {"share", total > 0 ? middle / total : 0},
          {"bytes_read", step["bytes_read"]},
          {"bytes_written", step["bytes_written"]},
          {"flops", step["flops"]},
          {"backend", step["backend"]},
          {"reason", step["reason"]},
          {"thread", 0},
          {"start_ms", starts.empty() ? 0 : starts.back()},
          {"times_ms", times}};
}

}  // namespace

double StepProfile::overhead() const {
  return plain_ms.empty() ? 0 : median(total_ms) / median(plain_ms) - 1;
}

Result<StepProfile> profile_steps(KasuriSession& session, int runs, const TaskContext& context) {
  StepProfile profile;
  profile.runs = std::max(1, runs);
  const size_t steps = session.plan().entry().steps.size();
  profile.step_ms.resize(steps);
  profile.start_ms.resize(steps);
  for (int i = 0; i < 2; ++i) KASURI_RETURN_IF_ERROR(session.run(context));
  for (int i = 0; i < profile.runs; ++i) {
    const Stopwatch plain;
    KASURI_RETURN_IF_ERROR(session.run(context));
    profile.plain_ms.push_back(plain.milliseconds());
    StepTimer timer(profile);
    const Stopwatch instrumented;
    KASURI_RETURN_IF_ERROR(session.run(context, &timer));
    profile.total_ms.push_back(instrumented.milliseconds());
    context.report("Profiling", i + 1, profile.runs);
  }
  return profile;
}

json describe_profile(const StepProfile& profile, const Plan& plan) {
  const json described = describe_plan(plan);
  double sum = 0;
  for (const auto& times : profile.step_ms) sum += times.empty() ? 0 : median(times);
  json steps = json::array();
  for (size_t i = 0; i < profile.step_ms.size(); ++i)
    steps.push_back(
        describe_step_times(described["steps"][i], profile.step_ms[i], profile.start_ms[i], sum));
  return {{"runs", profile.runs},
          {"total_ms", median(profile.total_ms)},
          {"plain_ms", median(profile.plain_ms)},
          {"steps_sum_ms", sum},
          {"instrumentation_overhead", profile.overhead()},
          {"steps", std::move(steps)}};
}

}  // namespace kasuri::profiling
