#include "profiling/profile_report.h"

#include <nlohmann/json.hpp>

#include "profiling/environment.h"
#include "profiling/process_memory.h"
#include "profiling/statistics.h"
#include "profiling/worker/describe_environment.h"
#include "profiling/worker/describe_plan.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

json latency_of(const std::vector<double>& samples) {
  const Interval interval = median_interval(samples, 0.95);
  const Figure p90 = percentile(samples, 90);
  json latency = {{"median", interval.estimate}, {"mean", mean(samples)},
                  {"low", interval.low},         {"high", interval.high},
                  {"count", samples.size()},     {"p90", p90.value ? json(*p90.value) : json()}};
  if (!p90.value) latency["p90_why"] = p90.why;
  return latency;
}

}  // namespace

json describe_profile_report(const KasuriSession& session, const StepProfile& profile) {
  json out = describe_profile(profile, session.plan());
  const json plan = describe_plan(session.plan());
  const Environment environment = read_environment();
  out["name"] = "profile";
  out["model"] = session.has_model() ? session.model().path : session.graph().name();
  out["recipe"] = session.recipe();
  out["runtime"] = {
      {"name", "kasuri"},
      {"version", environment.version},
      {"settings",
       {{"backend", session.plan_request().backend}, {"threads", session.plan_request().threads}}}};
  out["environment"] = describe_environment(environment);
  out["latency_ms"] = latency_of(profile.plain_ms);
  out["memory"] = plan["memory"];
  out["memory"]["peak_rss_bytes"] = read_process_memory().peak_rss_bytes.value_or(0);
  out["memory"]["dynamic_peak_bytes"] = profile.dynamic.peak_bytes();
  out["operators"] = plan["operators"];
  out["kernels"] = plan["kernels"];
  out["launches"] = plan["launches"];
  out["data_movement"] = plan["data_movement"];
  out["buffers"] = plan["buffers"];
  out["plan_hash"] = plan["hash"];
  return out;
}

}  // namespace kasuri::profiling
