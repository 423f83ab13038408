#include "profiling/export/chrome_trace.h"

#include <nlohmann/json.hpp>

namespace kasuri::profiling {

using nlohmann::json;

namespace {

/// One bar per recorded call; more calls than bars are told in words.
void add_calls(json& events, const json& what, const std::string& category, const json& thread) {
  const json& calls = what["events_ms"];
  for (size_t k = 0; k < calls.size(); ++k)
    events.push_back({{"name", what["name"]},
                      {"cat", category},
                      {"ph", "X"},
                      {"pid", 1},
                      {"tid", thread},
                      {"ts", calls[k][0].get<double>() * 1e3},
                      {"dur", calls[k][1].get<double>() * 1e3},
                      {"args",
                       {{"iteration", k},
                        {"of", what.value("iterations", what.value("calls", 0.0))},
                        {"op", what.value("op", "")},
                        {"backend", what.value("backend", "")}}}});
}

/// Iterations of a step's bodies and their steps, within the bar of the step.
void add_bodies(json& events, const json& step, const json& thread) {
  for (const json& body : step.value("bodies", json::array())) {
    add_calls(events, body, "body", thread);
    for (const json& inner : body["steps"]) {
      add_calls(events, inner, inner["kind"], thread);
      add_bodies(events, inner, thread);
    }
  }
}

}  // namespace

std::string chrome_trace(const json& profile) {
  json events = json::array();
  events.push_back({{"name", "process_name"},
                    {"ph", "M"},
                    {"pid", 1},
                    {"tid", 0},
                    {"args", {{"name", "kasuri: " + profile.value("model", "")}}}});
  const json& live = profile["memory"]["live_bytes"];
  for (size_t i = 0; i < profile["steps"].size(); ++i) {
    const json& step = profile["steps"][i];
    if (step["times_ms"].empty()) continue;
    const double start_us = step["start_ms"].get<double>() * 1e3;
    events.push_back({{"name", step["name"]},
                      {"cat", step["kind"]},
                      {"ph", "X"},
                      {"pid", 1},
                      {"tid", step["thread"]},
                      {"ts", start_us},
                      {"dur", step["times_ms"].back().get<double>() * 1e3},
                      {"args",
                       {{"op", step["op"]},
                        {"backend", step["backend"]},
                        {"nodes", step["nodes"]},
                        {"bytes_read", step["bytes_read"]},
                        {"bytes_written", step["bytes_written"]},
                        {"flops", step["flops"]}}}});
    add_bodies(events, step, step["thread"]);
    if (i < live.size())
      events.push_back({{"name", "arena"},
                        {"ph", "C"},
                        {"pid", 1},
                        {"ts", start_us},
                        {"args", {{"live bytes", live[i]}}}});
  }
  return json{{"traceEvents", events}, {"displayTimeUnit", "ms"}}.dump();
}

}  // namespace kasuri::profiling
