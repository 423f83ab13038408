#include "profiling/export/dynamic_schema.h"

#include <nlohmann/json.hpp>
#include <string>

#include "profiling/export/json_kinds.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

/// As check_kinds() reads it.
const json& schemas() {
  static const json kSchemas = json::parse(R"({
    "early-exit": {"model": "s", "gate": "s", "policy": "s", "command": "s",
      "data": {"data": "s", "fitted_on": "n", "certified_on": "n", "tested_on": "n"},
      "exits": [{"name": "s", "share_left": "n", "time_share": "n", "weights_bytes": "n", "arena_bytes": "n"}],
      "risk": {"epsilon": "n", "certified": "b", "why_not": ["s"],
        "counts": [{"what": "s", "k": "n", "n": "n", "rate": "n", "limit": "n", "bound": "n"}]},
      "test": {"samples": "n", "agreement": "n",
        "counts": [{"what": "s", "k": "n", "n": "n", "rate": "n", "limit": "n", "bound": "n"}]},
      "latency": [{"batch": "n", "speedup": "n", "speedup_low": "n", "speedup_high": "n", "expected_ms": "n",
        "worst_case": "n", "early": {"mean": "n", "p95": "n", "worst": "n"}, "full": {"mean": "n"}}]},
    "generate": {"model": "s", "command": "s", "prompts": "n", "tokens": "n", "draft": "s?",
      "tokens_per_second": "n", "first_token_ms": "n", "tokens_per_pass": "n", "acceptance": "n", "proposed": "n",
      "depth": {"most": "n", "adaptive": "b"}, "sampling": {"temperature": "n"},
      "accepted_histogram": ["n"], "target_passes_by_size": [{"tokens": "n", "passes": "n", "ms": "n"}]},
    "diffuse": {"model": "s", "command": "s", "schedule": "s", "sampler": "s", "guidance": "n", "seeds": "n",
      "ways": [{"name": "s", "evaluations": "n", "ms": "n", "psnr": "n", "ssim": "n", "worst_tenth_ssim": "n"}],
      "rival": {"name": "s", "as_well": "b", "undecided": "b", "difference": "n", "difference_low": "n", "difference_high": "n",
        "worst_tenth_difference": "n", "?": true}}
  })");
  return kSchemas;
}

/// What belongs to other keys, where those are there.
const json& optional_parts() {
  static const json kParts = json::parse(R"({
    "early-exit": {"drift": {"alarm_at": "n", "samples": "n", "why": "s", "fell_back": "n"},
      "splits": {"counts": [{"what": "s", "k": "n", "n": "n"}]}},
    "generate": {"plain": {"tokens_per_second": "n", "first_token_ms": "n"}},
    "diffuse": {}
  })");
  return kParts;
}

/// Of a generation with plain decoding beside it.
const json& beside_plain() {
  static const json kPart = json::parse(
      R"({"speed_up": "n", "ceiling": "n", "identical": "n", "divergences": [{"margin": "n"}]})");
  return kPart;
}

}  // namespace

bool is_dynamic_result(const json& value) {
  return value.is_object() && value.contains("kind") && value["kind"].is_string() &&
         schemas().contains(value["kind"].get<std::string>());
}

Status check_dynamic_result(const json& result) {
  if (!is_dynamic_result(result)) return Error("'kind' names no command");
  const std::string kind = result["kind"];
  KASURI_RETURN_IF_ERROR(check_kinds(result, schemas()[kind], ""));
  for (const auto& [key, part] : optional_parts()[kind].items())
    if (result.contains(key)) KASURI_RETURN_IF_ERROR(check_kinds(result[key], part, key));
  if (kind == "generate" && result.contains("plain"))
    KASURI_RETURN_IF_ERROR(check_kinds(result, beside_plain(), ""));
  if (kind == "diffuse" && result["ways"].size() < 2) return Error("'ways' has fewer than two");
  return Done{};
}

}  // namespace kasuri::profiling
