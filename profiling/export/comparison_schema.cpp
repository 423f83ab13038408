#include "profiling/export/comparison_schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <span>

#include "engine/base/mapped_file.h"
#include "profiling/export/dynamic_schema.h"
#include "profiling/export/json_kinds.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// As check_kinds() reads it.
const json& schema() {
  static const json kSchema = json::parse(R"({
    "model": {"path": "s", "opset": "n", "operators": "n", "parameters": "n", "dims": [{"name": "s", "value": "n"}]},
    "sides": [{"name": "s", "recipe": "s?", "runtime": {"name": "s", "version": "s?", "settings": "o"},
      "environment": {"cpu": "s", "cores": "n", "isa": "s", "governor": "s?", "load": "n?", "memory_bytes": "n?",
        "available_bytes": "n?", "os": "s", "version": "s", "compiler": "s", "warnings": ["s"]},
      "prepare_ms": "n?", "first_run_ms": "n?", "kernels": "n?",
      "latency_ms": {"median": "n", "p90": "n?", "count": "n", "outliers": "n", "?": true},
      "throughput": {"items_per_s": "n", "?": true},
      "memory": {"arena_bytes": "n?", "arena_lower_bound_bytes": "n?", "weights_bytes": "n?",
        "packed_weights_bytes": "n?", "peak_rss_bytes": "n?"},
      "timeline": [{"bytes": "n", "sources": ["s"]}],
      "fallbacks": [{"step": "s", "op": "s", "backend": "s", "why": "s"}]}],
    "deltas": [{"side": "s", "against": "s",
      "latency": {"ratio": "n?", "low": "n?", "high": "n?", "verdict": "s"},
      "arena": {"ratio": "n?", "verdict": "s?"}, "peak_rss": {"ratio": "n?", "verdict": "s?"}}],
    "fidelity": [{"side": "s", "verdict": "s", "blocked_passes": ["s"],
      "outputs": [{"name": "s", "max_abs": "n", "max_rel": "n", "largest": "n", "cosine": "n", "sqnr_db": "n?",
        "argmax_agreement": "n?", "verdict": "s"}]}],
    "passes": [{"name": "s", "law": "s", "fidelity": "s", "enabled": "b", "always_on": "b", "applied": "n",
      "declined_count": "n", "declined": [{"reason": "s", "count": "n"}], "effect_ms": "n?"}],
    "requirements": [{"text": "s", "met": "b"}],
    "inputs": [{"name": "s", "source": "s"}],
    "reference": {"method": "s?", "why": "s", "tolerance": {"relative": "n", "why": "s"}},
    "command": "s", "partial": "b"
  })");
  return kSchema;
}

/// The same for keys that older files do not have: checked where they are there and not null.
const json& optional_schema() {
  static const json kSchema = json::parse(R"({
    "timed_seconds": "n?",
    "travels": [{"runtime": "s", "threads": "n",
      "file": {"ratio": "n", "low": "n", "high": "n", "verdict": "s"},
      "plan": {"ratio": "n", "low": "n", "high": "n", "verdict": "s", "?": true}}],
    "search": {"best": "s", "seconds": "n", "trials": [{"recipe": "s", "ms": "n", "arena_bytes": "n",
      "kernels": "n", "outputs": "s", "stopped": "b", "pareto": "b",
      "confirmed": {"ratio": "n?", "verdict": "s", "?": true}}]},
    "soak": {"seconds": "n", "sides": [{"side": "s", "first_ms": "n", "last_ms": "n", "drift": "n", "verdict": "s"}],
      "clock_mhz": {"first": "n?", "last": "n?"}, "temperature_c": {"first": "n?", "last": "n?"}},
    "load": {"queries_per_day": "n", "machines": "n", "cost_per_machine_hour": "n", "effort_hours": "n",
      "cost_per_effort_hour": "n"}
  })");
  return kSchema;
}

/// Of each side, in the same way.
const json& optional_side_schema() {
  static const json kSchema = json::parse(R"({
    "model": "s", "original": "b", "block_medians_ms": ["n"], "samples_ms": ["n"],
    "outlier_blocks": ["n"], "outlier_runs": ["n"],
    "cold_start": {"from_file_ms": "n", "from_plan_ms": "n?"}, "energy": {"joules_per_run": "n?"},
    "box": {"limit_bytes": "n", "fits": "b?", "peak_bytes": "n?", "needed_bytes": "n?", "why": "s",
      "planned": {"weights_bytes": "n?", "packed_weights_bytes": "n?", "arena_bytes": "n?", "?": true},
      "step": {"name": "s", "op": "s", "needs_bytes": "n", "in_flight": "b", "?": true}}
  })");
  return kSchema;
}

Status check_optional(const json& value, const json& wanted, const std::string& place) {
  for (const auto& [key, part] : wanted.items())
    if (value.contains(key) && !value[key].is_null())
      KASURI_RETURN_IF_ERROR(check_kinds(value[key], part, place + key));
  return Done{};
}

Status check_newer_keys(const json& report) {
  KASURI_RETURN_IF_ERROR(check_optional(report, optional_schema(), ""));
  for (const json& side : report["sides"])
    KASURI_RETURN_IF_ERROR(check_optional(side, optional_side_schema(), "sides/"));
  for (const json& pass : report["passes"])
    KASURI_RETURN_IF_ERROR(check_optional(pass, {{"slowed_by", json::array({"s"})}}, "passes/"));
  KASURI_RETURN_IF_ERROR(check_optional(report["reference"], {{"samples", "n"}}, "reference/"));
  const json dynamic = report.value("dynamic", json::array());
  if (!dynamic.is_array()) return Error("'dynamic' is not a list");
  for (const json& result : dynamic) KASURI_RETURN_IF_ERROR(check_dynamic_result(result));
  const json document = report.value("document", json::object());
  if (!document.is_object()) return Error("'document' is not an object");
  for (const auto& [key, value] : document.items())
    if (!value.is_string()) return Error(fmt::format("'document/{}' is not a text", key));
  return Done{};
}

}  // namespace

Status check_comparison(const json& report) {
  KASURI_RETURN_IF_ERROR(check_kinds(report, schema(), ""));
  KASURI_RETURN_IF_ERROR(check_newer_keys(report));
  const size_t sides = report["sides"].size();
  if (sides < 2) return Error("'sides' has fewer than two");
  if (report["deltas"].size() + 1 != sides) return Error("'deltas' does not fit 'sides'");
  if (report["fidelity"].size() != sides) return Error("'fidelity' does not fit 'sides'");
  return Done{};
}

namespace {

Result<json> read_json(const std::string& path) {
  KASURI_TRY(const auto file, MappedFile::open(path));
  const std::span<const std::byte> bytes = file->bytes();
  const char* begin = reinterpret_cast<const char*>(bytes.data());
  json read = json::parse(begin, begin + bytes.size(), nullptr, false);
  if (read.is_discarded()) return Error(path + ": not JSON; give a file of compare --json");
  return read;
}

Status check_result(const json& result) {
  if (result.is_object() && result.contains("error"))
    return check_kinds(result, {{"error", "s"}, {"model", {{"path", "s"}}}}, "");
  return is_dynamic_result(result) ? check_dynamic_result(result) : check_comparison(result);
}

Status check_matrix(const json& matrix) {
  static const json kSchema = json::parse(
      R"({"model": "s", "cells": [{"at": {}, "report": {}}], "axes": [{"name": "s", "values": ["n"]}]})");
  KASURI_RETURN_IF_ERROR(check_kinds(matrix, kSchema, ""));
  if (matrix["cells"].empty() || matrix["axes"].empty()) return Error("the matrix has no cell");
  for (const json& cell : matrix["cells"]) {
    for (const auto& [name, value] : cell["at"].items())
      if (!value.is_number_integer()) return Error("'cells/at/" + name + "' is not a whole number");
    KASURI_RETURN_IF_ERROR(check_result(cell["report"]));
  }
  return Done{};
}

}  // namespace

Result<json> read_matrix(const std::string& path) {
  KASURI_TRY(json read, read_json(path));
  if (!read.is_object() || !read.contains("cells")) return json();
  if (const Status fits = check_matrix(read); !fits.ok())
    return Error(
        fmt::format("{}: not a matrix: {}; give a file of sweep --out", path, fits.error().text()));
  return read;
}

Result<json> read_comparisons(const std::string& path) {
  KASURI_TRY(json read, read_json(path));
  if (!read.is_array()) read = json::array({std::move(read)});
  for (size_t i = 0; i < read.size(); ++i) {
    const Status fits = check_result(read[i]);
    if (!fits.ok())
      return Error(fmt::format("{}: not a comparison: {}; give a file of compare --json", path,
                               fits.error().text()));
  }
  return read;
}

}  // namespace kasuri::profiling
