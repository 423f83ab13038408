#include "profiling/dynamic/exit_monitor.h"

#include <fmt/format.h>

#include <cmath>

#include "profiling/dynamic/exit_risk.h"

namespace kasuri::profiling {
namespace {

/// No share is so small that one sample more is an alarm.
constexpr double kLeastShare = 0.005;

}  // namespace

double chi_square_tail(double value, int degrees) {
  if (degrees < 1 || value <= 0) return 1;
  const double spread = 2.0 / (9.0 * degrees);
  const double z = (std::cbrt(value / degrees) - (1 - spread)) / std::sqrt(spread);
  return std::erfc(z / std::sqrt(2.0)) / 2;
}

ExitMonitor::ExitMonitor(std::vector<double> shares, MonitorRule rule)
    : shares_(std::move(shares)), rule_(rule), window_(shares_.size(), 0) {
  double sum = 0;
  for (double& share : shares_) sum += share = std::max(share, kLeastShare);
  for (double& share : shares_) share /= sum;
}

void ExitMonitor::saw(size_t exit) {
  ++window_.at(exit);
  if (++seen_ % rule_.window == 0) look();
}

void ExitMonitor::audited(bool disagreed) {
  ++audits_;
  disagreements_ += disagreed;
  const double chance = 1 - binomial_tail(audits_, disagreements_ - 1, rule_.delta);
  if (disagreed && chance < rule_.alarm && holds())
    why_ =
        fmt::format("{} of {} audited answers differ from the full model's; the limit is {:.3g} %",
                    disagreements_, audits_, 100 * rule_.delta);
}

void ExitMonitor::look() {
  double value = 0;
  size_t furthest = 0;
  double away = 0;
  for (size_t k = 0; k < shares_.size(); ++k) {
    const double expected = shares_[k] * static_cast<double>(rule_.window);
    const double difference = static_cast<double>(window_[k]) - expected;
    value += difference * difference / expected;
    if (std::abs(difference) < away) continue;
    away = std::abs(difference);
    furthest = k;
  }
  if (chi_square_tail(value, static_cast<int>(shares_.size()) - 1) < rule_.alarm && holds())
    why_ = fmt::format(
        "{:.1f} % of the last {} samples left at exit {}, {:.1f} % did when calibrated",
        100.0 * static_cast<double>(window_[furthest]) / static_cast<double>(rule_.window),
        rule_.window, furthest + 1, 100 * shares_[furthest]);
  window_.assign(window_.size(), 0);
}

Result<DriftWatch> watch_drift(ExitRunner& runner, const LabelledData& data,
                               const ExitPolicy& policy, ExitMonitor monitor,
                               const TaskContext& context) {
  DriftWatch watch;
  for (int64_t i = 0; i < data.count; ++i) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    const std::vector<int64_t> row{i};
    const NamedTensors inputs = data.batch(row);
    ++watch.samples;
    if (!monitor.holds()) {
      KASURI_TRY(const ExitAnswer full, runner.run_full(inputs, context));
      ++watch.fell_back;
      continue;
    }
    const bool audit = monitor.wants_audit();
    KASURI_TRY(const ExitAnswer answer, runner.run(inputs, policy, context));
    watch.early += answer.exits[0] + 1 < runner.exits();
    monitor.saw(answer.exits[0]);
    if (audit) {
      KASURI_TRY(const ExitAnswer full, runner.run_full(inputs, context));
      monitor.audited(answer_of(full.scores.data<float>()) !=
                      answer_of(answer.scores.data<float>()));
    }
    if (!monitor.holds()) watch.alarm_at = i;
  }
  watch.why = monitor.why_not();
  watch.audits = monitor.audits();
  watch.disagreements = monitor.disagreements();
  return watch;
}

}  // namespace kasuri::profiling
