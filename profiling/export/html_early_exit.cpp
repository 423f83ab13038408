#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string percent(const json& share) {
  return share.is_number() ? share_text(share.get<double>()) : "–";
}

/// Who decided, on which samples, and what may be said of it.
std::vector<std::string> grounds(const json& result, const Words& w) {
  const json &data = result["data"], &risk = result["risk"];
  const std::string policy = result["policy"];
  std::vector<std::string> out = {w.say(
      "Data: {0}. Certified on {1} samples, tested on {2} others.", data["data"].get<std::string>(),
      data["certified_on"].get<int64_t>(), data["tested_on"].get<int64_t>())};
  if (data["fitted_on"].get<int64_t>() > 0)
    out.push_back(w.say("Heads were fitted to {} more samples.", data["fitted_on"].get<int64_t>()));
  if (policy == "given")
    out.push_back(w("The thresholds were given by hand: nothing is certified for them."));
  else if (policy == "exact only")
    out.push_back(w("Exact only: nothing may leave early."));
  else if (risk["certified"].get<bool>())
    out.push_back(
        w.say("With probability {:.3g} % every limit below holds on data like these "
              "(Learn then Test, exact binomial tails).",
              100 * (1 - risk["epsilon"].get<double>())));
  else
    out.push_back(w("No threshold could be certified: the full model answers everything."));
  for (const json& why : risk["why_not"])
    out.push_back(w.say("Not certifiable: {}", w.reason(why.get<std::string>())));
  const json& test = result["test"];
  out.push_back(w.say("Of the {0} test samples {1} are answered as by the full model.",
                      test["samples"].get<int64_t>(), share_text(test["agreement"].get<double>())));
  if (test.contains("accuracy_full") && test.contains("accuracy_early"))
    out.push_back(w.say("Accuracy {0} leaving early, {1} with the full model.",
                        percent(test["accuracy_early"]), percent(test["accuracy_full"])));
  return out;
}

std::string exits_table(const json& result, const Words& w) {
  std::string rows;
  for (const json& exit : result["exits"])
    rows += "<tr>" + td(text_or_dash(exit["name"])) +
            td(exit.contains("rule") ? text_or_dash(exit["rule"]) : w("answers the rest")) +
            tn(percent(exit["share_left"])) + tn(percent(exit["time_share"])) +
            tn(size_or_dash(exit["weights_bytes"])) + tn(size_or_dash(exit["arena_bytes"])) +
            "</tr>\n";
  return html_section(
      w("Exits"), w("share of the test samples; time to get there, of the full model’s"),
      html_head({"Exit", "Leaves where", "#left here", "#reached after", "#weights", "#arena"}, w),
      rows);
}

std::string counts_rows(const json& counts, const std::string& on) {
  std::string rows;
  for (const json& count : counts)
    rows += "<tr>" + td(text_or_dash(count["what"])) + td(on) +
            tn(fmt::format("{} / {}", count["k"].get<int64_t>(), count["n"].get<int64_t>())) +
            tn(percent(count["rate"])) + tn(percent(count["limit"])) + tn(percent(count["bound"])) +
            "</tr>\n";
  return rows;
}

std::string risk_table(const json& result, const Words& w) {
  const json& risk = result["risk"];
  const std::string rows = counts_rows(risk["counts"], w("certified on")) +
                           counts_rows(result["test"]["counts"], w("tested on"));
  return html_section(
      w("What was risked"),
      w.say("upper bound of the rate with {:.3g} % confidence",
            100 * (1 - risk["epsilon"].get<double>())),
      html_head({"Loss", "Samples", "#counted", "#rate", "#limit", "#upper bound"}, w), rows);
}

std::string time_table(const json& result, const Words& w) {
  std::string rows;
  for (const json& at : result["latency"]) {
    const json &early = at["early"], &full = at["full"];
    rows += "<tr>" + tn(count_or_dash(at["batch"])) +
            tn(fmt::format("{:.2f}× ({:.2f} … {:.2f})", at["speedup"].get<double>(),
                           at["speedup_low"].get<double>(), at["speedup_high"].get<double>())) +
            tn(number_or_dash(full["mean"])) + tn(number_or_dash(early["mean"])) +
            tn(number_or_dash(at["expected_ms"])) + tn(number_or_dash(early["p95"])) +
            tn(number_or_dash(early["worst"])) +
            tn(fmt::format("{:.3f}×", at["worst_case"].get<double>())) + "</tr>\n";
  }
  return html_section(w("Time with exits"),
                      w("ms; the last column: an input that never leaves, beside the full model"),
                      html_head({"#Batch", "#faster", "#full mean", "#mean", "#expected", "#p95",
                                 "#worst", "#never leaving"},
                                w),
                      rows);
}

std::vector<std::string> watched(const json& result, const Words& w) {
  std::vector<std::string> out;
  if (const json drift = result.value("drift", json()); drift.is_object()) {
    const auto alarm = drift["alarm_at"].get<int64_t>(), samples = drift["samples"].get<int64_t>();
    out.push_back(alarm < 0
                      ? w.say("Drift monitor: {} samples, the calibration holds.", samples)
                      : w.say("Drift monitor: the calibration no longer holds from sample {0} of "
                              "{1} on ({2}); the full model answered {3}.",
                              alarm, samples, w.reason(drift["why"].get<std::string>()),
                              drift["fell_back"].get<int64_t>()));
  }
  if (const json splits = result.value("splits", json()); splits.is_object())
    for (const json& count : splits["counts"])
      out.push_back(w.say(
          "Fresh splits: the limit on ‘{0}’ held in {1} of {2}.", count["what"].get<std::string>(),
          count["n"].get<int64_t>() - count["k"].get<int64_t>(), count["n"].get<int64_t>()));
  return out;
}

}  // namespace

std::string early_exit_section(const json& result, const Words& w) {
  std::string out = fmt::format("<section><h2>{} <span>{} · {} {}</span></h2>{}</section>\n",
                                w("Early exit"), text_or_dash(result["model"]), w("gate"),
                                text_or_dash(result["gate"]), claims(grounds(result, w)));
  out += exits_table(result, w) + risk_table(result, w) + time_table(result, w);
  const std::string more = claims(watched(result, w));
  return more.empty() ? out : out + "<section>" + more + "</section>\n";
}

}  // namespace kasuri::profiling
