#include "profiling/dynamic/early_exit_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

using nlohmann::json;

constexpr size_t kMostPathPoints = 200;

json describe_counts(const std::vector<RiskCount>& counts, double epsilon) {
  json list = json::array();
  for (const RiskCount& count : counts)
    list.push_back({{"what", count.what},
                    {"limit", count.limit},
                    {"n", count.n},
                    {"k", count.k},
                    {"rate", count.rate()},
                    {"bound", rate_bound(count.n, count.k, epsilon)}});
  return list;
}

json describe_times(const std::vector<double>& ms) {
  return {{"mean", mean(ms)},
          {"p50", quantile(ms, 0.5)},
          {"p95", quantile(ms, 0.95)},
          {"worst", *std::max_element(ms.begin(), ms.end())}};
}

json describe_latency(const ExitLatency& latency) {
  return {{"batch", latency.batch},
          {"runs", latency.early_ms.size()},
          {"full", describe_times(latency.full_ms)},
          {"early", describe_times(latency.early_ms)},
          {"whole", describe_times(latency.whole_ms)},
          {"speedup", latency.speedup.estimate},
          {"speedup_low", latency.speedup.low},
          {"speedup_high", latency.speedup.high},
          {"expected_ms", latency.expected_ms},
          {"worst_case", latency.worst_case.estimate},
          {"worst_case_low", latency.worst_case.low},
          {"worst_case_high", latency.worst_case.high}};
}

json describe_exits(const EarlyExitResult& result) {
  json list = json::array();
  const std::vector<double> reaching = result.costs.reaching();
  const std::vector<PartMemory> memory = result.runner->memory();
  for (size_t k = 0; k < reaching.size(); ++k) {
    const bool last = k + 1 == reaching.size();
    json exit = {{"name", result.test_table.heads[k]},
                 {"time_share", reaching[k]},
                 {"share_left", static_cast<double>(result.test_exits[k]) /
                                    static_cast<double>(result.tested_on)},
                 {"weights_bytes", memory[k].weights_bytes},
                 {"arena_bytes", memory[k].arena_bytes}};
    if (!last) {
      exit["threshold"] = result.policy.thresholds[k];
      exit["rule"] = gate_text(result.policy.gate, result.policy.thresholds[k]);
    }
    if (!last && k < result.choice.heads.size()) {
      exit["attached_at"] = result.choice.places[k].value;
      exit["features"] = result.choice.places[k].features;
      exit["ridge"] = result.choice.fits[k].ridge;
      exit["fit_agreement"] = result.choice.fits[k].agreement;
    }
    list.push_back(std::move(exit));
  }
  return list;
}

/// What these thresholds do to the test samples.
void add_test(json& point, const EarlyExitResult& result) {
  const ExitTable& table = result.test_table;
  const ExitPolicy policy{result.policy.gate, point["thresholds"].get<std::vector<double>>()};
  const std::vector<double> reaching = result.costs.reaching();
  const std::vector<int64_t> left = exit_histogram(table, policy);
  std::vector<double> shares;
  double cost = 0;
  for (size_t k = 0; k < left.size(); ++k) {
    shares.push_back(static_cast<double>(left[k]) / static_cast<double>(table.count));
    cost += shares[k] * reaching[k];
  }
  point["shares"] = shares;
  point["agreement"] = 1 - count_risks(table, policy, RiskTarget())[0].rate();
  point["expected_ms"] = cost * result.costs.full_ms;
}

json describe_path(const EarlyExitResult& result) {
  const Certificate& certificate = result.certificate;
  json list = json::array();
  const size_t step = std::max<size_t>(1, certificate.path.size() / kMostPathPoints);
  for (size_t i = 0; i < certificate.path.size(); ++i) {
    if (i % step != 0 && i != certificate.chosen) continue;
    const RiskPoint& point = certificate.path[i];
    list.push_back({{"thresholds", point.thresholds},
                    {"cost", point.cost},
                    {"loss", point.loss},
                    {"p_value", point.p_value},
                    {"chosen", i == certificate.chosen}});
    add_test(list.back(), result);
  }
  return list;
}

json describe_data(const EarlyExitResult& result) {
  return {{"data", result.data_text},     {"fit", result.fit_text},
          {"test", result.test_text},     {"fitted_on", result.fitted_on},
          {"ordered_on", result.laid_on}, {"certified_on", result.certificate.walked_on},
          {"tested_on", result.tested_on}};
}

json describe_test(const EarlyExitRequest& request, const EarlyExitResult& result) {
  json test = {{"samples", result.tested_on},
               {"counts", describe_counts(result.test_counts, request.target.epsilon)},
               {"agreement", result.agreement}};
  if (result.full_accuracy) test["accuracy_full"] = *result.full_accuracy;
  if (result.early_accuracy) test["accuracy_early"] = *result.early_accuracy;
  return test;
}

std::string counts_text(const json& counts) {
  std::string text;
  for (const json& count : counts)
    text += fmt::format("  {}: {} of {} = {:.2f} % (limit {:.2f} %, bound {:.2f} %)\n",
                        count["what"].get<std::string>(), count["k"].get<int64_t>(),
                        count["n"].get<int64_t>(), 100 * count["rate"].get<double>(),
                        100 * count["limit"].get<double>(), 100 * count["bound"].get<double>());
  return text;
}

std::string latency_text(const json& latency) {
  std::string text;
  for (const json& at : latency) {
    text += fmt::format(
        "batch {}: {:.2f}x faster on average ({:.2f} to {:.2f}); an input that never leaves takes "
        "{:.3f}x the full model\n",
        at["batch"].get<int64_t>(), at["speedup"].get<double>(), at["speedup_low"].get<double>(),
        at["speedup_high"].get<double>(), at["worst_case"].get<double>());
    for (const char* side : {"full", "early"}) {
      const json& times = at[side];
      text += fmt::format("  {:5}  mean {:.3f}  p95 {:.3f}  worst {:.3f} ms\n", side,
                          times["mean"].get<double>(), times["p95"].get<double>(),
                          times["worst"].get<double>());
    }
    text += fmt::format("  expected from shares and parts: {:.3f} ms\n",
                        at["expected_ms"].get<double>());
  }
  return text;
}

std::string drift_text(const json& report) {
  if (!report.contains("drift")) return "";
  const json& drift = report["drift"];
  if (drift["alarm_at"].get<int64_t>() < 0)
    return fmt::format("drift: {} samples, the calibration holds\n",
                       drift["samples"].get<int64_t>());
  return fmt::format(
      "drift: the calibration no longer holds from sample {} of {} on: {}; the full "
      "model answered {}\n",
      drift["alarm_at"].get<int64_t>(), drift["samples"].get<int64_t>(),
      drift["why"].get<std::string>(), drift["fell_back"].get<int64_t>());
}

std::string splits_text(const json& report) {
  if (!report.contains("splits")) return "";
  std::string text = fmt::format("{} fresh splits, expected time {:.3f} of the full model:\n",
                                 report["splits"]["splits"].get<int>(),
                                 report["splits"]["mean_cost"].get<double>());
  for (const json& count : report["splits"]["counts"])
    text += fmt::format("  {}: the limit held in {} of {}\n", count["what"].get<std::string>(),
                        count["n"].get<int64_t>() - count["k"].get<int64_t>(),
                        count["n"].get<int64_t>());
  return text;
}

}  // namespace

json describe_early_exit(const EarlyExitRequest& request, const EarlyExitResult& result,
                         const std::string& command) {
  const Certificate& certificate = result.certificate;
  json report = {{"kind", "early-exit"},
                 {"model", request.network.model.path},
                 {"gate", name_of(request.gate)},
                 {"recipe", request.network.recipe},
                 {"threads", request.network.plan.threads},
                 {"seed", request.seed},
                 {"policy", result.policy_source},
                 {"dropped", result.dropped},
                 {"data", describe_data(result)},
                 {"exits", describe_exits(result)},
                 {"test", describe_test(request, result)},
                 {"path", describe_path(result)},
                 {"command", command}};
  report["risk"] = {{"delta", request.target.delta},
                    {"epsilon", request.target.epsilon},
                    {"loss", request.target.use_labels ? "labels" : "disagreement"},
                    {"certified_on", certificate.walked_on},
                    {"certified", certificate.chosen > 0},
                    {"counts", describe_counts(certificate.counts, request.target.epsilon)},
                    {"why_not", certificate.why_not}};
  report["latency"] = json::array();
  for (const ExitLatency& latency : result.latency)
    report["latency"].push_back(describe_latency(latency));
  if (result.drift)
    report["drift"] = {{"samples", result.drift->samples},
                       {"left_early", result.drift->early},
                       {"alarm_at", result.drift->alarm_at},
                       {"why", result.drift->why},
                       {"fell_back", result.drift->fell_back},
                       {"audits", result.drift->audits},
                       {"disagreements", result.drift->disagreements}};
  if (result.split_check)
    report["splits"] = {{"splits", result.split_check->splits},
                        {"counts", describe_counts(result.split_check->counts, 0.05)},
                        {"mean_cost", result.split_check->mean_cost}};
  return report;
}

std::string early_exit_text(const json& report) {
  std::string text =
      fmt::format("{}: {} exits, gate {}, thresholds {}\n", report["model"].get<std::string>(),
                  report["exits"].size(), report["gate"].get<std::string>(),
                  report["policy"].get<std::string>());
  for (const json& exit : report["exits"])
    text +=
        fmt::format("  {:<28} {:>5.1f} % leave here, reached after {:>5.1f} % of the time  {}\n",
                    exit["name"].get<std::string>(), 100 * exit["share_left"].get<double>(),
                    100 * exit["time_share"].get<double>(), exit.value("rule", ""));
  for (const json& name : report["dropped"])
    text += fmt::format("  {}: left out, leaving there would not pay\n", name.get<std::string>());
  const json& risk = report["risk"];
  text += fmt::format("certified on {} samples at {:.3g} %:\n", risk["certified_on"].get<int64_t>(),
                      100 * risk["epsilon"].get<double>());
  text += counts_text(risk["counts"]);
  for (const json& why : risk["why_not"])
    text += fmt::format("  not certifiable: {}\n", why.get<std::string>());
  const json& test = report["test"];
  text += fmt::format("tested on {} others:\n{}", test["samples"].get<int64_t>(),
                      counts_text(test["counts"]));
  if (test.contains("accuracy_full"))
    text += fmt::format("  accuracy {:.4f}, full model {:.4f}\n",
                        test["accuracy_early"].get<double>(), test["accuracy_full"].get<double>());
  return text + latency_text(report["latency"]) + drift_text(report) + splits_text(report);
}

}  // namespace kasuri::profiling
