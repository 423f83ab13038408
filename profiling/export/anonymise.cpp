#include "profiling/export/anonymise.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool ends_path(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("'\"`,;:()=").find(c) != std::string_view::npos;
}

class Anonymiser {
 public:
  void learn(const std::string& name, const char* kind) {
    if (name.empty() || known_.contains(name)) return;
    known_[name] = fmt::format("{}_{}", kind, ++counts_[kind]);
  }
  void learn_model(const std::string& path) {
    if (path.empty() || known_.contains(path)) return;
    const std::filesystem::path file(path);
    const std::string stem = fmt::format("model_{}", ++counts_["model"]);
    known_[path] = stem + file.extension().string();
    known_.emplace(file.filename().string(), stem + file.extension().string());
    known_.emplace(file.stem().string(), stem);
  }
  /// Free text with every known name and every path replaced.
  std::string text(const std::string& from);
  void replace(json& value) {
    if (value.is_string()) value = text(value.get<std::string>());
  }

 private:
  const std::vector<const std::string*>& starting_with(char c);
  size_t match_at(const std::string& from, size_t at, std::string& out);

  std::map<std::string, std::string> known_;
  std::map<std::string, int> counts_;
  std::array<std::vector<const std::string*>, 256> by_first_;  // longest first
  size_t sorted_ = 0;
};

const std::vector<const std::string*>& Anonymiser::starting_with(char c) {
  if (sorted_ != known_.size()) {
    for (auto& names : by_first_) names.clear();
    for (const auto& [name, other] : known_)
      by_first_[static_cast<unsigned char>(name.front())].push_back(&name);
    for (auto& names : by_first_)
      std::sort(names.begin(), names.end(),
                [](const auto* a, const auto* b) { return a->size() > b->size(); });
    sorted_ = known_.size();
  }
  return by_first_[static_cast<unsigned char>(c)];
}

/// Length of the known name or path that begins at `at`, its replacement appended; 0: none.
size_t Anonymiser::match_at(const std::string& from, size_t at, std::string& out) {
  const bool fresh = at == 0 || !is_word(from[at - 1]);
  for (const std::string* name : starting_with(from[at])) {
    if (from.compare(at, name->size(), *name) != 0) continue;
    const size_t end = at + name->size();
    const bool whole = (fresh || !is_word(name->front())) &&
                       (end == from.size() || !is_word(from[end]) || !is_word(name->back()));
    if (!whole) continue;
    out += known_[*name];
    return name->size();
  }
  if (from[at] != '/' || (at > 0 && (is_word(from[at - 1]) || from[at - 1] == '.'))) return 0;
  size_t end = at + 1;
  while (end < from.size() && !ends_path(from[end])) ++end;
  if (end < at + 3) return 0;
  const std::string path = from.substr(at, end - at);
  learn(path, "path");
  out += known_[path];
  return end - at;
}

std::string Anonymiser::text(const std::string& from) {
  std::string out;
  for (size_t at = 0; at < from.size();) {
    const size_t length = match_at(from, at, out);
    if (length == 0) out += from[at];
    at += std::max<size_t>(length, 1);
  }
  return out;
}

void learn_list(Anonymiser& names, const json& list, const char* key, const char* kind) {
  for (const json& entry : list)
    if (entry.contains(key) && entry[key].is_string()) names.learn(entry[key], kind);
}

void learn_side(Anonymiser& names, const json& side) {
  if (side.contains("model") && side["model"].is_string()) names.learn_model(side["model"]);
  for (const json& step : side.value("timeline", json::array())) {
    for (const json& source : step["sources"]) names.learn(source, "node");
    if (step.contains("name") && step["name"].is_string()) names.learn(step["name"], "step");
  }
}

void learn_dynamic(Anonymiser& names, const json& result) {
  names.learn_model(result["model"]);
  if (const json draft = result.value("draft", json()); draft.is_string() && draft != "lookup")
    names.learn_model(draft);
  if (result.contains("schedule")) names.learn(result["schedule"], "schedule");
  learn_list(names, result.value("exits", json::array()), "name", "tensor");
  if (result.contains("data")) {
    const std::string data = result["data"]["data"];
    names.learn(data.substr(0, data.find(": ")), "data");
  }
}

void learn_names(Anonymiser& names, const json& report) {
  for (const json& result : report.value("dynamic", json::array())) learn_dynamic(names, result);
  names.learn_model(report["model"]["path"]);
  if (const json name = report["model"].value("name", json()); name.is_string())
    names.learn(name, "network");
  for (const json& side : report.value("sides", json::array())) learn_side(names, side);
  learn_list(names, report.value("inputs", json::array()), "name", "tensor");
  learn_list(names, report["model"].value("dims", json::array()), "name", "dim");
  for (const json& side : report.value("fidelity", json::array()))
    learn_list(names, side["outputs"], "name", "tensor");
}

/// What is a word of ours although it may also be a name in the model.
bool is_ours(const std::string& key) {
  static const std::set<std::string> kOurs = {
      "verdict",    "law",     "fidelity", "recipe",  "document",        "environment", "runtime",
      "op",         "backend", "side",     "against", "reasons",         "text",        "decision",
      "confidence", "method",  "load",     "dtype",   "source_of_energy"};
  return kOurs.contains(key);
}

void rewrite(Anonymiser& names, json& value, const std::string& inside) {
  if (value.is_string()) return names.replace(value);
  if (value.is_array()) {
    for (json& entry : value) rewrite(names, entry, inside);
    return;
  }
  if (!value.is_object()) return;
  value.erase("hash");
  value.erase("plan_hash");
  if (inside == "dynamic") {
    value.erase("texts");
    value["command"] = "";  // its files may be named by relative paths
  }
  const bool named_by_us = inside == "sides" || inside == "passes" || inside == "axes";
  if (value.contains("launcher")) value["launcher"] = "launcher";
  for (auto& [key, entry] : value.items())
    if ((!is_ours(key) || entry.is_array()) && !(named_by_us && key == "name"))
      rewrite(names, entry, key);
}

/// The matrix of `sweep`: comparisons in cells.
void learn_matrix(Anonymiser& names, const json& matrix) {
  names.learn_model(matrix["model"]);
  for (const json& side : matrix.value("sides", json::array())) learn_side(names, side);
  for (const json& cell : matrix["cells"]) learn_names(names, cell["report"]);
  for (const json& axis : matrix["axes"])
    if (axis["name"] != "threads") names.learn(axis["name"], "dim");
}

/// Dimensions are keys there.
void rename_axes(Anonymiser& names, json& matrix) {
  for (json& axis : matrix["axes"]) names.replace(axis["name"]);
  for (json& cell : matrix["cells"]) {
    json at = json::object();
    for (const auto& [name, value] : cell["at"].items()) at[names.text(name)] = value;
    cell["at"] = std::move(at);
  }
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

void anonymise(json& comparisons) {
  Anonymiser names;
  std::vector<json*> all;
  if (comparisons.is_array())
    for (json& report : comparisons) all.push_back(&report);
  else
    all.push_back(&comparisons);
  for (const json* report : all)
    report->contains("cells") ? learn_matrix(names, *report) : learn_names(names, *report);
  names.learn(host_name(), "host");
  for (json* report : all) {
    rewrite(names, *report, "");
    if (report->contains("cells")) rename_axes(names, *report);
  }
}

}  // namespace kasuri::profiling
