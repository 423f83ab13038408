#include "profiling/dynamic/exit_risk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kasuri::profiling {
namespace {

constexpr int kLevels = 256;      // thresholds tried per exit
constexpr double kDoubt = 0.002;  // losses to expect of a sample beyond those seen

/// Samples in order of their uncertainty at one exit, in levels of about equal size.
struct Ladder {
  std::vector<int64_t> order;
  std::vector<size_t> ends;        // by level: how many samples are at or below its threshold
  std::vector<double> thresholds;  // by level
  size_t level = 0;                // levels taken
};

Ladder ladder_of(const std::vector<double>& uncertainty) {
  Ladder ladder;
  const size_t n = uncertainty.size();
  for (size_t i = 0; i < n; ++i)
    if (std::isfinite(uncertainty[i])) ladder.order.push_back(static_cast<int64_t>(i));
  std::stable_sort(ladder.order.begin(), ladder.order.end(), [&](int64_t a, int64_t b) {
    return uncertainty[static_cast<size_t>(a)] < uncertainty[static_cast<size_t>(b)];
  });
  const size_t step = std::max<size_t>(1, ladder.order.size() / kLevels);
  for (size_t end = step; end <= ladder.order.size(); end += step) {
    const double at = uncertainty[static_cast<size_t>(ladder.order[end - 1])];
    size_t last = end;
    while (last < ladder.order.size() && uncertainty[static_cast<size_t>(ladder.order[last])] == at)
      ++last;
    // Halfway to the next sample, so that rounding does not move anyone across.
    const double next =
        last < ladder.order.size() ? uncertainty[static_cast<size_t>(ladder.order[last])] : at;
    if (!ladder.ends.empty() && ladder.ends.back() >= last) continue;
    ladder.ends.push_back(last);
    ladder.thresholds.push_back(at + (next - at) / 2);
  }
  return ladder;
}

/// The state of path laying: where each sample leaves, and what moving a threshold changes.
class PathLayer {
 public:
  PathLayer(const ExitTable& table, const RiskTarget& target, std::span<const double> costs)
      : table_(table),
        target_(target),
        costs_(costs.begin(), costs.end()),
        exit_(static_cast<size_t>(table.count), table.exits() - 1) {
    for (const auto& uncertainty : table.uncertainty) ladders_.push_back(ladder_of(uncertainty));
    for (const RiskCount& count : count_risks(
             table, {table.gate, std::vector<double>(ladders_.size(), kNeverLeave)}, target))
      allowed_.push_back(std::max(1.0, count.limit * static_cast<double>(count.n)));
    cost_ = static_cast<double>(table.count) * costs_.back();
    used_.assign(allowed_.size(), 0);
  }

  RiskPoint point() const {
    RiskPoint p;
    for (const Ladder& ladder : ladders_)
      p.thresholds.push_back(ladder.level == 0 ? kNeverLeave : ladder.thresholds[ladder.level - 1]);
    const auto n = static_cast<double>(std::max<int64_t>(1, table_.count));
    p.cost = cost_ / n / costs_.back();
    p.loss = loss_ / n;
    p.use = *std::max_element(used_.begin(), used_.end());
    return p;
  }

  /// Takes the best step; false when there is none that saves anything.
  bool advance() {
    size_t best = ladders_.size();
    double best_rate = 0;
    for (size_t k = 0; k < ladders_.size(); ++k) {
      skip_empty(k);
      for (size_t ahead : {1, 4, 16, 64}) {
        const size_t levels = std::min(ahead, ladders_[k].ends.size() - ladders_[k].level);
        if (levels == 0) break;
        const double rate = of(k, levels).rate();
        if (rate <= best_rate) continue;
        best = k;
        best_rate = rate;
      }
    }
    if (best == ladders_.size()) return false;
    take(best, 1);
    return true;
  }

 private:
  struct Change {
    double saved = 0, used = 0, loss = 0;
    double rate() const { return saved > 0 ? saved / used : 0; }
  };

  Change of(size_t k, size_t levels) const {
    Change change;
    for_moved(k, levels, [&](int64_t sample, size_t from) { add(sample, from, k, change); });
    return change;
  }

  template <typename F>
  void for_moved(size_t k, size_t levels, const F& f) const {
    const Ladder& ladder = ladders_[k];
    const size_t begin = ladder.level == 0 ? 0 : ladder.ends[ladder.level - 1];
    for (size_t i = begin; i < ladder.ends[ladder.level + levels - 1]; ++i) {
      const size_t from = exit_[static_cast<size_t>(ladder.order[i])];
      if (from > k) f(ladder.order[i], from);
    }
  }

  void add(int64_t sample, size_t from, size_t to, Change& change) const {
    change.saved += costs_[from] - costs_[to];
    change.used += kDoubt / allowed_[0];
    judge_sample(table_, target_, sample, from, before_);
    judge_sample(table_, target_, sample, to, after_);
    change.loss += after_[0].loses - static_cast<double>(before_[0].loses);
    for (size_t c = 0; c < allowed_.size(); ++c)
      if (after_[c].counts)
        change.used += (after_[c].loses - static_cast<double>(before_[c].loses)) / allowed_[c];
  }

  void take(size_t k, size_t levels) {
    const Change change = of(k, levels);
    std::vector<int64_t> moved;
    for_moved(k, levels, [&](int64_t sample, size_t) { moved.push_back(sample); });
    for (int64_t sample : moved) {
      judge_sample(table_, target_, sample, exit_[static_cast<size_t>(sample)], before_);
      judge_sample(table_, target_, sample, k, after_);
      for (size_t c = 0; c < used_.size(); ++c)
        if (after_[c].counts)
          used_[c] += (after_[c].loses - static_cast<double>(before_[c].loses)) / allowed_[c];
      exit_[static_cast<size_t>(sample)] = k;
    }
    ladders_[k].level += levels;
    cost_ -= change.saved;
    loss_ += change.loss;
  }

  /// Levels whose samples have all left earlier cost nothing.
  void skip_empty(size_t k) {
    Ladder& ladder = ladders_[k];
    while (ladder.level < ladder.ends.size()) {
      bool empty = true;
      for_moved(k, 1, [&](int64_t, size_t) { empty = false; });
      if (!empty) return;
      ++ladder.level;
    }
  }

  const ExitTable& table_;
  const RiskTarget& target_;
  std::vector<double> costs_, allowed_, used_;  // used_: share of each limit
  std::vector<size_t> exit_;
  std::vector<Ladder> ladders_;
  double cost_ = 0, loss_ = 0;
  mutable std::vector<RiskMember> before_, after_;
};

/// If n samples again had more than the limit, how likely were k or fewer among the first n?
double repeat_tail(int64_t n, int64_t k, double limit) {
  const auto broken = static_cast<int64_t>(std::floor(limit * static_cast<double>(n))) + 1;
  const int64_t total = k + broken;  // losses among 2 n; more make it less likely
  if (k >= n || total > 2 * n) return 1;
  const auto log_choose = [](int64_t from, int64_t take) {
    return std::lgamma(static_cast<double>(from) + 1) - std::lgamma(static_cast<double>(take) + 1) -
           std::lgamma(static_cast<double>(from - take) + 1);
  };
  double sum = 0;
  for (int64_t i = std::max<int64_t>(0, total - n); i <= k; ++i)
    sum += std::exp(log_choose(n, i) + log_choose(n, total - i) - log_choose(2 * n, total));
  return std::min(sum, 1.0);
}

double worst_p_value(const std::vector<RiskCount>& counts) {
  double worst = 0;
  for (const RiskCount& count : counts)
    worst = std::max(worst, loss_p_value(count.n, count.k, count.limit));
  return worst;
}

}  // namespace

double binomial_tail(int64_t n, int64_t k, double p) {
  if (k >= n || p <= 0) return 1;
  if (k < 0 || p >= 1) return 0;
  const double nn = static_cast<double>(n);
  double sum = 0;
  for (int64_t i = 0; i <= k; ++i) {
    const double ii = static_cast<double>(i);
    sum += std::exp(std::lgamma(nn + 1) - std::lgamma(ii + 1) - std::lgamma(nn - ii + 1) +
                    ii * std::log(p) + (nn - ii) * std::log1p(-p));
  }
  return std::min(sum, 1.0);
}

double loss_p_value(int64_t n, int64_t k, double limit) {
  return std::max(binomial_tail(n, k, limit), repeat_tail(n, k, limit));
}

double rate_bound(int64_t n, int64_t k, double epsilon) {
  if (n == 0 || k >= n) return 1;
  double low = 0, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (binomial_tail(n, k, middle) > epsilon ? low : high) = middle;
  }
  return high;
}

int64_t samples_needed(double limit, double epsilon) {
  int64_t n = static_cast<int64_t>(std::ceil(std::log(epsilon) / std::log1p(-limit)));
  while (loss_p_value(n, 0, limit) > epsilon) n += std::max<int64_t>(1, n / 50);
  return n;
}

std::vector<RiskPoint> lay_path(const ExitTable& table, const RiskTarget& target,
                                std::span<const double> costs) {
  PathLayer layer(table, target, costs);
  std::vector<RiskPoint> path{layer.point()};
  const size_t most = table.uncertainty.size() * (kLevels + 64);
  while (path.size() < most && layer.advance()) {
    path.push_back(layer.point());
    // Nobody walks this far.
    if (path.back().use > 6) break;
  }
  return path;
}

Certificate walk_path(std::vector<RiskPoint> path, const ExitTable& walk,
                      const RiskTarget& target) {
  Certificate result;
  result.walked_on = walk.count;
  result.path = std::move(path);
  for (size_t i = 0; i < result.path.size(); ++i) {
    const ExitPolicy policy{walk.gate, result.path[i].thresholds};
    const std::vector<RiskCount> counts = count_risks(walk, policy, target);
    result.path[i].p_value = worst_p_value(counts);
    if (result.path[i].p_value > target.epsilon) break;
    result.chosen = i;
  }
  result.policy = {walk.gate, result.path[result.chosen].thresholds};
  result.counts = count_risks(walk, result.policy, target);
  for (const RiskCount& count : result.counts) {
    result.bounds.push_back(rate_bound(count.n, count.k, target.epsilon));
    if (const int64_t needed = samples_needed(count.limit, target.epsilon); count.n < needed)
      result.why_not.push_back(
          fmt::format("{}: {} samples, but {} are needed to certify {:.3g} % at {:.3g} %",
                      count.what, count.n, needed, 100 * count.limit, 100 * target.epsilon));
  }
  return result;
}

namespace {

constexpr double kExitCost = 0.02;   // of the model's time: judging, crossing a cut
constexpr double kLeastGain = 0.01;  // of the model's time
constexpr double kSafety = 0.6;      // certified thresholds lie so far below the limit

double expected_cost(const ExitTable& table, const std::vector<size_t>& chosen,
                     const RiskTarget& target, std::span<const double> shares) {
  ExitTable part;
  part.count = table.count;
  part.gate = table.gate;
  part.labels = table.labels;
  std::vector<double> costs;
  for (size_t k : chosen) {
    part.heads.push_back(table.heads[k]);
    part.answers.push_back(table.answers[k]);
    part.uncertainty.push_back(table.uncertainty[k]);
    costs.push_back(shares[k] + kExitCost * static_cast<double>(costs.size() + 1));
  }
  part.heads.push_back(table.heads.back());
  part.answers.push_back(table.answers.back());
  costs.push_back(1 + kExitCost * static_cast<double>(chosen.size()));
  double best = costs.back();
  for (const RiskPoint& point : lay_path(part, target, costs))
    if (point.use <= kSafety) best = std::min(best, point.cost * costs.back());
  return best;
}

}  // namespace

std::vector<size_t> select_exits(const ExitTable& table, const RiskTarget& target,
                                 std::span<const double> shares, size_t most, double& cost) {
  std::vector<size_t> chosen;
  cost = 1;
  while (chosen.size() < most) {
    std::vector<size_t> best;
    double best_cost = cost - kLeastGain;
    for (size_t k = 0; k + 1 < table.exits(); ++k) {
      if (std::find(chosen.begin(), chosen.end(), k) != chosen.end()) continue;
      std::vector<size_t> tried = chosen;
      tried.push_back(k);
      std::sort(tried.begin(), tried.end());
      const double with = expected_cost(table, tried, target, shares);
      if (with >= best_cost) continue;
      best_cost = with;
      best = tried;
    }
    if (best.empty()) break;
    chosen = best;
    cost = best_cost;
  }
  return chosen;
}

}  // namespace kasuri::profiling
