#include "profiling/dynamic/exit_table.h"

#include <fmt/format.h>

#include <charconv>

namespace kasuri::profiling {
namespace {

std::span<const float> row(const std::vector<float>& scores, int64_t sample, int classes) {
  return {scores.data() + sample * classes, static_cast<size_t>(classes)};
}

int64_t class_of(const ExitTable& table, const RiskTarget& target, int64_t sample) {
  const auto i = static_cast<size_t>(sample);
  return target.use_labels ? table.labels[i] : table.answers.back()[i];
}

Result<double> share(std::string_view text, const std::string& whole) {
  double value = 0;
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (percent) value /= 100;
  if (error != std::errc() || end != text.data() + text.size() || !(value > 0 && value < 1))
    return Error(fmt::format("class limit '{}': '{}' is not a share between 0 and 1", whole, text));
  return value;
}

std::vector<RiskCount> empty_counts(const RiskTarget& target) {
  std::vector<RiskCount> counts{
      {target.use_labels ? "newly wrong answers" : "disagreement with the full model",
       target.delta}};
  for (const ClassLimit& limit : target.limits) {
    if (limit.misses)
      counts.push_back({fmt::format("misses of class {}", limit.label), *limit.misses});
    if (limit.false_alarms)
      counts.push_back(
          {fmt::format("false alarms for class {}", limit.label), *limit.false_alarms});
  }
  return counts;
}

}  // namespace

void ExitTable::judge(ExitGate with) {
  gate = with;
  answers.assign(exits(), std::vector<int32_t>(static_cast<size_t>(count)));
  uncertainty.assign(exits() - 1, std::vector<double>(static_cast<size_t>(count)));
  for (size_t k = 0; k < exits(); ++k)
    for (int64_t i = 0; i < count; ++i) {
      const auto s = row(scores[k], i, classes);
      answers[k][static_cast<size_t>(i)] = answer_of(s);
      if (k + 1 == exits()) continue;
      const auto before = k > 0 ? row(scores[k - 1], i, classes) : std::span<const float>();
      uncertainty[k][static_cast<size_t>(i)] = uncertainty_of(gate, s, before);
    }
}

ExitTable ExitTable::rows(std::span<const int64_t> samples) const {
  ExitTable part;
  part.count = static_cast<int64_t>(samples.size());
  part.classes = classes;
  part.heads = heads;
  part.gate = gate;
  part.answers.resize(answers.size());
  part.uncertainty.resize(uncertainty.size());
  for (int64_t sample : samples) {
    const auto i = static_cast<size_t>(sample);
    for (size_t k = 0; k < answers.size(); ++k) part.answers[k].push_back(answers[k][i]);
    for (size_t k = 0; k < uncertainty.size(); ++k)
      part.uncertainty[k].push_back(uncertainty[k][i]);
    if (!labels.empty()) part.labels.push_back(labels[i]);
  }
  return part;
}

size_t ExitTable::exit_of(const ExitPolicy& policy, int64_t sample) const {
  for (size_t k = 0; k < uncertainty.size(); ++k)
    if (uncertainty[k][static_cast<size_t>(sample)] <= policy.thresholds[k]) return k;
  return exits() - 1;
}

Result<ClassLimit> parse_class_limit(const std::string& text) {
  const auto wrong = [&] {
    return Error(fmt::format(
        "class limit '{}': write CLASS:misses=SHARE, CLASS:false-alarms=SHARE, or both", text));
  };
  ClassLimit limit;
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return wrong();
  const auto [end, error] = std::from_chars(text.data(), text.data() + colon, limit.label);
  if (error != std::errc() || end != text.data() + colon || limit.label < 0) return wrong();
  for (size_t at = colon + 1; at < text.size();) {
    const size_t stop = std::min(text.find(',', at), text.size());
    const std::string_view item = std::string_view(text).substr(at, stop - at);
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) return wrong();
    KASURI_TRY(const double value, share(item.substr(equals + 1), text));
    if (item.substr(0, equals) == "misses")
      limit.misses = value;
    else if (item.substr(0, equals) == "false-alarms")
      limit.false_alarms = value;
    else
      return wrong();
    at = stop + 1;
  }
  if (!limit.misses && !limit.false_alarms) return wrong();
  return limit;
}

void judge_sample(const ExitTable& table, const RiskTarget& target, int64_t sample, size_t exit,
                  std::vector<RiskMember>& out) {
  const auto i = static_cast<size_t>(sample);
  const int64_t answer = table.answers[exit][i], full = table.answers.back()[i];
  const int64_t truth = class_of(table, target, sample);
  out.clear();
  out.push_back({true, target.use_labels ? answer != truth && full == truth : answer != full});
  // What the full model itself gets wrong of a class is no cost of leaving early.
  for (const ClassLimit& limit : target.limits) {
    if (limit.misses)
      out.push_back({truth == limit.label, answer != limit.label && full == limit.label});
    if (limit.false_alarms)
      out.push_back({truth != limit.label, answer == limit.label && full != limit.label});
  }
}

std::vector<RiskCount> count_risks(const ExitTable& table, const ExitPolicy& policy,
                                   const RiskTarget& target) {
  std::vector<RiskCount> counts = empty_counts(target);
  std::vector<RiskMember> members;
  for (int64_t i = 0; i < table.count; ++i) {
    judge_sample(table, target, i, table.exit_of(policy, i), members);
    for (size_t c = 0; c < counts.size(); ++c) {
      counts[c].n += members[c].counts;
      counts[c].k += members[c].counts && members[c].loses;
    }
  }
  return counts;
}

std::vector<int64_t> exit_histogram(const ExitTable& table, const ExitPolicy& policy) {
  std::vector<int64_t> shares(table.exits(), 0);
  for (int64_t i = 0; i < table.count; ++i) ++shares[table.exit_of(policy, i)];
  return shares;
}

}  // namespace kasuri::profiling
