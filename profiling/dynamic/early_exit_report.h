#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "profiling/dynamic/early_exit.h"

namespace kasuri::profiling {

/// The object of `kasuri early-exit --json`:
///   kind, model, gate, recipe, threads, data {..}, exits [{name, attached_at, time_share,
///   threshold, rule, share_left, weights_bytes, arena_bytes}], risk {delta, epsilon, loss,
///   certified_on, counts
///   [{what, limit, n, k, rate, bound}], why_not}, test {samples, counts, agreement, accuracy_full,
///   accuracy_early}, latency [{batch, full, early, whole {mean, p50, p95, worst}, speedup,
///   speedup_low, speedup_high, expected_ms, worst_case}], path [{thresholds, cost, loss,
///   p_value, and on the test samples: shares, agreement, expected_ms}], splits {splits, counts,
///   mean_cost}, command.
nlohmann::json describe_early_exit(const EarlyExitRequest& request, const EarlyExitResult& result,
                                   const std::string& command);

/// What an exported file says of its thresholds: delta, epsilon, loss, certified_on, data, command.
std::map<std::string, std::string> exit_facts(const EarlyExitRequest& request,
                                              const EarlyExitResult& result,
                                              const std::string& command);

/// Writes scores.npy and exits.npy for the test samples, in order, and near.json: samples within
/// 1e-5 of a threshold they met.
Status write_answers(const std::string& folder, const EarlyExitResult& result);

/// For a terminal.
std::string early_exit_text(const nlohmann::json& report);

}  // namespace kasuri::profiling
