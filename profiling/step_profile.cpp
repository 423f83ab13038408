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
  explicit StepTimer(StepProfile& profile) : profile_(profile) { profile.bodies.begin_run(); }
  void on_step_begin(const PlanStep&) override { began_ = watch_.milliseconds(); }
  void on_step_end(const PlanStep& step) override {
    const double now = watch_.milliseconds();
    profile_.step_ms[step.id.index()].push_back(now - began_);
    profile_.start_ms[step.id.index()].push_back(began_);
  }
  bool wants_bodies() const override { return true; }
  void on_body_begin(const PlanBody& body) override { begin(&body); }
  void on_body_end(const PlanBody& body) override { end(&body); }
  void on_body_step_begin(const PlanStep& step) override { begin(&step); }
  void on_body_step_end(const PlanStep& step) override { end(&step); }
  void on_misfit(const PlanStep& step, const std::string& why) override {
    profile_.misfits.emplace(&step, why);
  }

 private:
  void begin(const void* what) { profile_.bodies.begin(what, watch_.milliseconds()); }
  void end(const void* what) { profile_.bodies.end(what, watch_.milliseconds()); }

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
          {"times_ms", times},
          {"dynamic", step["dynamic"]}};
}

json describe_events(const BodyTimes::Series& series) {
  json events = json::array();
  for (const auto& [start, duration] : series.events) events.push_back({start, duration});
  return events;
}

/// Adds "misfit" and, to a step that owns plans, "bodies": iterations, and steps with their times
/// summed over the iterations of a run.
void put_bodies(json& out, const PlanStep& step, const json& described, const StepProfile& profile,
                double total) {
  const auto misfit = profile.misfits.find(&step);
  out["misfit"] = misfit == profile.misfits.end() ? "" : misfit->second;
  static const BodyTimes::Series kNever;
  const auto series_of = [&](const void* what) -> const BodyTimes::Series& {
    const BodyTimes::Series* found = profile.bodies.find(what);
    return found == nullptr ? kNever : *found;
  };
  const auto middle = [](const std::vector<double>& v) { return v.empty() ? 0 : median(v); };
  for (size_t b = 0; b < step.bodies.size(); ++b) {
    const PlanBody& body = step.bodies[b];
    const BodyTimes::Series& own = series_of(&body);
    json steps = json::array();
    for (const PlanStep& inner : body.plan->entry().steps) {
      const BodyTimes::Series& series = series_of(&inner);
      const json& plain = described["bodies"][b]["steps"][inner.id.index()];
      std::vector<double> starts;
      if (!series.events.empty()) starts.push_back(series.events.front().first);
      json row = describe_step_times(plain, series.ms, starts, total);
      row["calls"] = middle(series.calls);
      row["events_ms"] = describe_events(series);
      put_bodies(row, inner, plain, profile, total);
      steps.push_back(std::move(row));
    }
    out["bodies"].push_back({{"name", body.name},
                             {"iterations", middle(own.calls)},
                             {"median_ms", middle(own.ms)},
                             {"frame_bytes", body.frame_bytes},
                             {"events_ms", describe_events(own)},
                             {"steps", std::move(steps)}});
  }
}

json describe_dynamic(const DynamicMemory& memory, const PlanEntry& entry) {
  json buffers = json::array();
  for (const PlanBuffer& buffer : entry.buffers)
    if (buffer.kind == BufferKind::kDynamic && buffer.id.index() < memory.buffer_bytes.size())
      buffers.push_back({{"id", buffer.id.index()},
                         {"name", buffer.name},
                         {"type", buffer.type.text()},
                         {"bytes", memory.buffer_bytes[buffer.id.index()]}});
  return {{"peak_bytes", memory.peak_bytes()},
          {"live_bytes", memory.live_bytes},
          {"buffers", std::move(buffers)}};
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
  profile.dynamic = session.executor().dynamic_memory();
  return profile;
}

json describe_profile(const StepProfile& profile, const Plan& plan) {
  const json described = describe_plan(plan);
  double sum = 0;
  for (const auto& times : profile.step_ms) sum += times.empty() ? 0 : median(times);
  const PlanEntry& entry = plan.entry();
  json steps = json::array();
  for (size_t i = 0; i < profile.step_ms.size(); ++i) {
    const json& plain = described["steps"][i];
    json row = describe_step_times(plain, profile.step_ms[i], profile.start_ms[i], sum);
    row["dynamic_bytes"] =
        i < profile.dynamic.live_bytes.size() ? profile.dynamic.live_bytes[i] : 0;
    put_bodies(row, entry.steps[i], plain, profile, sum);
    steps.push_back(std::move(row));
  }
  return {{"runs", profile.runs},
          {"total_ms", median(profile.total_ms)},
          {"plain_ms", median(profile.plain_ms)},
          {"steps_sum_ms", sum},
          {"instrumentation_overhead", profile.overhead()},
          {"dynamic_memory", describe_dynamic(profile.dynamic, entry)},
          {"steps", std::move(steps)}};
}

}  // namespace kasuri::profiling
