#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/compared_side.h"
#include "profiling/environment.h"
#include "profiling/statistics.h"
#include "profiling/worker/describe_environment.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr double kConfidence = 0.95;

void put_percentile(json& latency, const std::vector<double>& samples, int percent) {
  const std::string key = "p" + std::to_string(percent);
  const Figure figure = percentile(samples, percent);
  latency[key] = figure.value ? json(*figure.value) : json();
  if (!figure.value) latency[key + "_why"] = figure.why;
}

json describe_latency(const std::vector<double>& samples) {
  const Interval interval = median_interval(samples, kConfidence);
  json latency = {{"median", interval.estimate}, {"mean", mean(samples)},
                  {"low", interval.low},         {"high", interval.high},
                  {"count", samples.size()},     {"outliers", outliers(samples).size()}};
  put_percentile(latency, samples, 90);
  put_percentile(latency, samples, 99);
  return latency;
}

/// Live bytes by position in the imported model, so that both sides share one axis.
json describe_timeline(const json& plan) {
  if (!plan.contains("steps")) return json::array();
  const json& live = plan["memory"]["live_bytes"];
  json points = json::array();
  for (size_t i = 0; i < plan["steps"].size() && i < live.size(); ++i) {
    const json& step = plan["steps"][i];
    points.push_back(
        {{"step", i}, {"bytes", live[i]}, {"name", step["name"]}, {"sources", step["sources"]}});
  }
  return points;
}

json describe_memory_of(const ComparedSide& side) {
  static constexpr const char* kPlanned[] = {
      "weights_bytes",        "packed_weights_bytes", "arena_bytes", "arena_lower_bound_bytes",
      "arena_no_reuse_bytes", "workspace_bytes",      "io_bytes"};
  json memory = json::object();
  const json& plan = side.worker->plan();
  for (const char* key : kPlanned)
    memory[key] = plan.contains("memory") ? plan["memory"][key] : json();
  if (!plan.contains("memory")) memory["why"] = "this runtime does not tell its plan";
  memory["peak_rss_bytes"] = nullptr;
  if (side.memory) {
    memory["peak_rss_bytes"] = side.memory->at("peak_rss_bytes");
    memory["baseline_rss_bytes"] = side.memory->at("baseline_rss_bytes");
    for (const char* key : {"rss_bytes", "rss_anonymous_bytes", "rss_file_bytes"})
      memory[key] = side.memory->value(key, json());
    if (memory["peak_rss_bytes"].is_number() && memory["baseline_rss_bytes"].is_number())
      memory["own_peak_rss_bytes"] =
          memory["peak_rss_bytes"].get<int64_t>() - memory["baseline_rss_bytes"].get<int64_t>();
  } else {
    memory["peak_rss_why"] = side.memory_why;
  }
  if (const int64_t limit = side.spec.memory_limit; limit > 0) {
    memory["limit_bytes"] = limit;
    const json& peak = memory["peak_rss_bytes"];
    memory["fits_limit"] = peak.is_number() ? json(peak.get<int64_t>() <= limit) : json();
  }
  return memory;
}

json describe_runtime(const ComparedSide& side) {
  json runtime = side.worker->hello().value("runtime", json::object());
  json settings = {{"backend", side.spec.backend}, {"threads", side.spec.threads}};
  if (!side.spec.cpus.empty()) settings["cpus"] = side.spec.cpus;
  if (!side.spec.launcher.empty()) settings["launcher"] = side.spec.launcher;
  settings.update(side.worker->warm().value("settings", json::object()));
  runtime["settings"] = settings;
  return runtime;
}

/// Of the machine the side ran on.
json environment_of(const ComparedSide& side) {
  const json there = side.worker->hello().value("environment", json());
  const bool elsewhere = !side.spec.launcher.empty() && there.is_object();
  return elsewhere ? there : describe_environment(read_environment());
}

double number_or_zero(const json& object, const char* key) {
  return object.contains(key) && object[key].is_number() ? object[key].get<double>() : 0.0;
}

/// Steps of bodies are named "loop/step".
void add_fallbacks(json& list, const json& steps, const std::string& owner) {
  for (const json& step : steps) {
    const std::string name = owner + step["name"].get<std::string>();
    if (!step["reason"].get<std::string>().empty())
      list.push_back({{"step", name},
                      {"op", step["op"]},
                      {"backend", step["backend"]},
                      {"why", step["reason"]}});
    for (const json& body : step.value("bodies", json::array()))
      add_fallbacks(list, body["steps"], name + "/");
  }
}

void put_fallbacks(json& out, const json& plan) {
  out["fallbacks"] = json::array();
  if (plan.contains("steps")) add_fallbacks(out["fallbacks"], plan["steps"], "");
}

/// Of one stream as its latency says, of several as measured.
void put_throughput(json& out, const ComparedSide& side, const ComparedSide& baseline,
                    int64_t batch) {
  const auto& times = side.identical_to_baseline ? baseline.times : side.times;
  const auto& streams = side.identical_to_baseline ? baseline.streams : side.streams;
  if (streams)
    out["throughput"] =
        describe_throughput(*streams, side.spec, batch, out["environment"].value("cores", 0));
  else if (side.spec.streams > 1)
    out["throughput_why"] = side.streams_why;
  else
    out["throughput"] = {{"items_per_s", 1e3 * static_cast<double>(batch) / median(times->samples)},
                         {"batch", batch},
                         {"streams", 1}};
}

}  // namespace

json describe_side(const ComparedSide& side, const ComparedSide& baseline, int64_t batch) {
  const SideWorker& worker = *side.worker;
  const json& plan = worker.plan();
  const auto& times = side.identical_to_baseline ? baseline.times : side.times;
  json out = {{"name", side.spec.name},
              {"recipe", side.spec.runtime == "kasuri" ? json(worker.spec().passes) : json()},
              {"model", side.task.model_path},
              {"original", side.spec.model.empty()},
              {"runtime", describe_runtime(side)},
              {"environment", environment_of(side)},
              {"first_run_ms", worker.warm().value("first_run_ms", json())},
              {"warm_up",
               {{"runs", worker.warm().value("runs", json())},
                {"steady", worker.warm().value("steady", json())}}},
              {"prepare_ms", worker.open_ms() + number_or_zero(worker.rewrite(), "optimize_ms") +
                                 number_or_zero(plan, "prepare_ms")},
              {"memory", describe_memory_of(side)},
              {"operators", plan.value("operators", json())},
              {"kernels", plan.value("kernels", json())},
              {"launches", plan.value("launches", json())},
              {"data_movement", plan.value("data_movement", json())},
              {"plan_hash", plan.value("hash", json())},
              {"timeline", describe_timeline(plan)},
              {"blocked_passes", side.blocked}};
  put_fallbacks(out, plan);
  if (side.box) out["box"] = *side.box;
  out["streams"] = side.spec.streams;
  out["latency_ms"] = nullptr;
  out["throughput"] = nullptr;
  if (!times || times->samples.empty()) {
    out["latency_why"] = "not timed: the outputs differ";
    return out;
  }
  out["latency_ms"] = describe_latency(times->samples);
  put_throughput(out, side, baseline, batch);
  out["samples_ms"] = times->samples;
  out["outlier_runs"] = outliers(times->samples);
  out["block_medians_ms"] = times->block_medians;
  if (!times->block_medians.empty()) out["outlier_blocks"] = outliers(times->block_medians);
  if (side.identical_to_baseline)
    out["latency_why"] = "the plan is identical to the baseline's and was not timed again";
  return out;
}

}  // namespace kasuri::profiling
