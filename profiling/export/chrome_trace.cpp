#include "profiling/export/chrome_trace.h"

#include <nlohmann/json.hpp>

namespace kasuri::profiling {

using nlohmann::json;

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
