#include "profiling/foreign_profile.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "engine/base/mapped_file.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr std::string_view kKernelTime = "_kernel_time";

struct Span {
  std::string op;
  std::vector<double> ms;
  size_t order = 0;
};

std::string text_in(const json& event, const char* key) {
  const auto found = event.find(key);
  return found != event.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> duration_ms(const json& event) {
  const auto found = event.find("dur");
  if (found == event.end() || !found->is_number()) return std::nullopt;
  return found->get<double>() / 1e3;
}

bool is_of_ort(const json& events) {
  for (const json& event : events)
    if (event.is_object() && text_in(event, "cat") == "Node" &&
        text_in(event, "name").ends_with(kKernelTime))
      return true;
  return false;
}

/// Name of the operator a span is about; empty: about something else.
std::string node_of(const json& event, bool ort) {
  const std::string name = text_in(event, "name");
  if (!ort) return text_in(event, "ph") == "X" ? name : std::string();
  const bool kernel = text_in(event, "cat") == "Node" && name.ends_with(kKernelTime);
  return kernel ? name.substr(0, name.size() - kKernelTime.size()) : std::string();
}

json described(const std::map<std::string, Span>& spans) {
  std::vector<json> nodes(spans.size());
  for (const auto& [name, span] : spans)
    nodes[span.order] = {
        {"name", name}, {"op", span.op}, {"median_ms", median(span.ms)}, {"calls", span.ms.size()}};
  return nodes;
}

/// Names a step answers to.
std::set<std::string> names_of(const json& step) {
  std::set<std::string> names;
  for (const char* key : {"nodes", "sources"})
    for (const json& name : step.value(key, json::array()))
      if (name.is_string()) names.insert(name.get<std::string>());
  if (names.empty()) names.insert(text_in(step, "name"));
  return names;
}

}  // namespace

Result<json> read_foreign_profile(const std::string& path) {
  KASURI_TRY(const auto file, MappedFile::open(path));
  const char* begin = reinterpret_cast<const char*>(file->bytes().data());
  json read = json::parse(begin, begin + file->bytes().size(), nullptr, false);
  if (read.is_object() && read.contains("traceEvents")) read = json(read["traceEvents"]);
  if (!read.is_array())
    return Error(path + ": neither a profile of ONNX Runtime nor a Chrome trace (JSON)");
  const bool ort = is_of_ort(read);
  std::map<std::string, Span> spans;
  for (const json& event : read) {
    if (!event.is_object()) continue;
    const std::string name = node_of(event, ort);
    const auto ms = duration_ms(event);
    if (name.empty() || !ms) continue;
    const auto [span, fresh] = spans.try_emplace(name);
    if (fresh) span->second.order = spans.size() - 1;
    if (const json args = event.value("args", json()); args.is_object())
      span->second.op = text_in(args, "op_name");
    span->second.ms.push_back(*ms);
  }
  if (spans.empty()) return Error(path + ": no span with a name and a duration in it");
  return json{
      {"file", path}, {"format", ort ? "onnxruntime" : "chrome"}, {"nodes", described(spans)}};
}

void overlay_profile(json& report, const json& foreign) {
  std::map<std::string, double> times;
  double total = 0;
  for (const json& node : foreign["nodes"]) {
    times[node["name"]] = node["median_ms"];
    total += node["median_ms"].get<double>();
  }
  std::set<std::string> matched;
  for (json& step : report["steps"]) {
    double sum = 0;
    bool any = false;
    for (const std::string& name : names_of(step)) {
      const auto found = times.find(name);
      if (found == times.end() || !matched.insert(name).second) continue;
      sum += found->second;
      any = true;
    }
    if (any) step["overlay_ms"] = sum;
  }
  json unmatched = json::array();
  for (const json& node : foreign["nodes"])
    if (!matched.contains(node["name"].get<std::string>())) unmatched.push_back(node["name"]);
  report["overlay"] = {{"file", foreign["file"]}, {"format", foreign["format"]},
                       {"names", times.size()},   {"matched", matched.size()},
                       {"total_ms", total},       {"unmatched", std::move(unmatched)}};
}

}  // namespace kasuri::profiling
