#include <algorithm>
#include <nlohmann/json.hpp>

#include "profiling/clock.h"
#include "profiling/process_memory.h"
#include "profiling/statistics.h"
#include "profiling/step_profile.h"
#include "profiling/worker/requests.h"
#include "profiling/worker/value_blob.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// Makes a plan with default settings when the client has not asked for one.
Status ensure_plan(WorkerState& state, const TaskContext& context) {
  if (state.session.is_ready()) return Done{};
  return state.session.make_plan({}, context);
}

Result<double> timed_run(KasuriSession& session, const TaskContext& context) {
  const Stopwatch watch;
  KASURI_RETURN_IF_ERROR(session.run(context));
  return watch.milliseconds();
}

/// Steady: the medians of the last two windows of five agree within 1.5 %.
bool is_steady(const std::vector<double>& times) {
  constexpr ptrdiff_t kWindow = 5;
  if (times.size() < 2 * kWindow) return false;
  const double last = median({times.end() - kWindow, times.end()});
  const double before = median({times.end() - 2 * kWindow, times.end() - kWindow});
  return std::abs(last - before) < 0.015 * before;
}

json or_null(const std::optional<int64_t>& value) { return value ? json(*value) : json(); }

}  // namespace

Result<Reply> handle_bind(WorkerState& state, const Frame& frame, const TaskContext& context) {
  state.streams.reset();
  KASURI_RETURN_IF_ERROR(ensure_plan(state, context));
  InputRequest request;
  request.seed = frame.header->value("seed", uint64_t{0});
  request.sample = frame.header->value("sample", 0);
  for (const json& input : frame.header->value("inputs", json::array())) {
    const std::string name = input.value("name", "");
    if (input.contains("rule")) {
      request.choices.push_back({name, input.at("rule")});
    } else if (input.contains("file")) {
      request.choices.push_back({name, input.at("file")});
    } else {
      KASURI_TRY(request.given[name], value_from(input, frame.blobs));
    }
  }
  KASURI_RETURN_IF_ERROR(state.session.bind(request));
  json inputs = json::array();
  for (const auto& [name, value] : state.session.inputs().values) {
    json entry = {{"name", name}, {"source", state.session.inputs().sources.at(name)}};
    if (value.is_tensor()) {
      entry["dtype"] = name_of(value.tensor().dtype());
      entry["shape"] = value.tensor().extents();
    }
    inputs.push_back(std::move(entry));
  }
  return Reply(json{{"inputs", std::move(inputs)},
                    {"samples", state.session.inputs().samples},
                    {"hash", state.session.inputs().hash().hex()}});
}

Result<Reply> handle_warm_up(WorkerState& state, const Frame& frame, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(ensure_plan(state, context));
  const double limit_ms = frame.header->value("max_seconds", 10.0) * 1e3;
  KASURI_TRY(const double first, timed_run(state.session, context));
  std::vector<double> times;
  const Stopwatch watch;
  while (!is_steady(times) && (times.size() < 2 || watch.milliseconds() < limit_ms)) {
    KASURI_TRY(const double time, timed_run(state.session, context));
    times.push_back(time);
  }
  return Reply(json{
      {"first_run_ms", first},
      {"runs", times.size() + 1},
      {"steady", is_steady(times)},
      {"median_ms", median({times.end() - static_cast<ptrdiff_t>(std::min<size_t>(5, times.size())),
                            times.end()})},
      {"times_ms", times}});
}

Result<Reply> handle_run_block(WorkerState& state, const Frame& frame, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(ensure_plan(state, context));
  const int iterations = frame.header->value("iterations", 1);
  const double delay = frame.header->value("inject_delay_percent", 0.0) / 100;
  if (iterations < 1 || iterations > 1000000) return Error("iterations must be 1 to 1000000");
  const double cpu_before = process_cpu_milliseconds();
  std::vector<double> times;
  times.reserve(static_cast<size_t>(iterations));
  for (int i = 0; i < iterations; ++i) {
    const Stopwatch watch;
    KASURI_RETURN_IF_ERROR(state.session.run(context));
    if (delay > 0) spin_for_milliseconds(watch.milliseconds() * delay);
    times.push_back(watch.milliseconds());
  }
  return Reply(json{{"times_ms", times}, {"cpu_ms", process_cpu_milliseconds() - cpu_before}});
}

Result<Reply> handle_profile(WorkerState& state, const Frame& frame, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(ensure_plan(state, context));
  KASURI_TRY(const StepProfile profile,
             profile_steps(state.session, frame.header->value("runs", 20), context));
  return Reply(describe_profile(profile, state.session.plan()));
}

Result<Reply> handle_outputs(WorkerState& state, const Frame&, const TaskContext& context) {
  KASURI_RETURN_IF_ERROR(ensure_plan(state, context));
  KASURI_RETURN_IF_ERROR(state.session.run(context));
  KASURI_TRY(const std::vector<RuntimeValue> values, state.session.outputs());
  Reply reply{json{{"outputs", json::array()}}};
  const auto names = state.session.graph().outputs();
  for (size_t i = 0; i < values.size() && i < names.size(); ++i)
    (*reply.body)["outputs"].push_back(describe_value(names[i].name, values[i], reply.blobs));
  return reply;
}

Result<Reply> handle_memory(WorkerState& state, const Frame&, const TaskContext&) {
  const ProcessMemory memory = read_process_memory();
  return Reply(json{{"rss_bytes", or_null(memory.rss_bytes)},
                    {"peak_rss_bytes", or_null(memory.peak_rss_bytes)},
                    {"rss_anonymous_bytes", or_null(memory.anonymous_bytes)},
                    {"rss_file_bytes", or_null(memory.file_bytes)},
                    {"baseline_rss_bytes", or_null(state.baseline_rss_bytes)}});
}

}  // namespace kasuri::profiling
