#include "profiling/dynamic/early_exit.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <random>

namespace kasuri::profiling {
namespace {

constexpr int kCostRuns = 60;

LabelledData rows_of(const LabelledData& data, std::span<const int64_t> rows) {
  LabelledData part;
  part.inputs = data.batch(rows);
  part.count = static_cast<int64_t>(rows.size());
  part.description = data.description;
  if (!data.labels.empty())
    for (int64_t row : rows) part.labels.push_back(data.labels[static_cast<size_t>(row)]);
  return part;
}

std::vector<int64_t> shuffled(int64_t count, uint64_t seed) {
  std::vector<int64_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  std::mt19937_64 random(seed + 0x9e3779b97f4a7c15ULL);
  std::shuffle(rows.begin(), rows.end(), random);
  return rows;
}

/// The four roles a sample can have.
struct Roles {
  LabelledData fit, lay, walk, test;  ///< Either fit or lay is empty.
  const LabelledData& first() const { return fit.count > 0 ? fit : lay; }
};

/// Takes the next share of shuffled rows.
class Dealer {
 public:
  Dealer(const LabelledData& data, uint64_t seed)
      : data_(data), rows_(shuffled(data.count, seed)) {}
  LabelledData take(double share) {
    const size_t wanted = static_cast<size_t>(share * static_cast<double>(rows_.size()));
    const size_t count = std::min(wanted, rows_.size() - at_);
    const auto part = std::span(rows_).subspan(at_, count);
    at_ += count;
    return rows_of(data_, part);
  }

 private:
  const LabelledData& data_;
  std::vector<int64_t> rows_;
  size_t at_ = 0;
};

Result<Roles> deal(const EarlyExitRequest& request, const Graph& graph, EarlyExitResult& result) {
  Roles roles;
  KASURI_TRY(const LabelledData data, read_labelled_data(graph, request.data));
  result.data_text = data.description;
  Dealer dealer(data, request.seed);
  if (request.fit) {
    KASURI_TRY(const LabelledData fit, read_labelled_data(graph, *request.fit));
    result.fit_text = fit.description;
    Dealer fitting(fit, request.seed);
    (request.attach ? roles.fit : roles.lay) = fitting.take(1);
  } else {
    (request.attach ? roles.fit : roles.lay) = dealer.take(request.attach ? 0.4 : 0.2);
  }
  if (request.test) {
    KASURI_TRY(roles.test, read_labelled_data(graph, *request.test));
    result.test_text = roles.test.description;
  } else {
    roles.test = dealer.take(0.25);
  }
  roles.walk = dealer.take(1);
  for (const LabelledData* part :
       std::initializer_list<const LabelledData*>{&roles.first(), &roles.walk, &roles.test})
    if (part->count < 20)
      return Error(
          fmt::format("{} are too few to order, certify and test thresholds on", data.description));
  return roles;
}

Status check_target(const RiskTarget& target, const Roles& roles, int classes) {
  if (target.use_labels &&
      (roles.walk.labels.empty() || roles.first().labels.empty() || roles.test.labels.empty()))
    return Error("the loss 'labels' needs a label for every sample; give them with --labels");
  for (const ClassLimit& limit : target.limits)
    if (limit.label >= classes)
      return Error(fmt::format("there is no class {}: the model has {} classes, counted from 0",
                               limit.label, classes));
  return Done{};
}

double accuracy(const ExitTable& table, const ExitPolicy* policy) {
  int64_t right = 0;
  for (int64_t i = 0; i < table.count; ++i) {
    const size_t exit = policy != nullptr ? table.exit_of(*policy, i) : table.exits() - 1;
    right += table.answers[exit][static_cast<size_t>(i)] == table.labels[static_cast<size_t>(i)];
  }
  return static_cast<double>(right) / static_cast<double>(table.count);
}

ExitTable joined(const ExitTable& a, const ExitTable& b) {
  ExitTable all = a;
  all.count += b.count;
  for (size_t k = 0; k < a.scores.size(); ++k)
    all.scores[k].insert(all.scores[k].end(), b.scores[k].begin(), b.scores[k].end());
  all.labels.insert(all.labels.end(), b.labels.begin(), b.labels.end());
  all.judge(a.gate);
  return all;
}

double cost_of(const ExitTable& table, const ExitPolicy& policy, const std::vector<double>& costs) {
  const std::vector<int64_t> histogram = exit_histogram(table, policy);
  double cost = 0;
  for (size_t k = 0; k < costs.size(); ++k) cost += static_cast<double>(histogram[k]) * costs[k];
  return cost / static_cast<double>(table.count);
}

SplitCheck check_splits(const std::vector<RiskPoint>& path, const ExitTable& pool,
                        const EarlyExitRequest& request, const std::vector<double>& costs) {
  SplitCheck check;
  check.splits = request.splits;
  double cost = 0;
  for (int s = 0; s < request.splits; ++s) {
    const std::vector<int64_t> rows = shuffled(pool.count, request.seed + 1 + uint64_t(s));
    const auto half = std::span(rows).first(rows.size() / 2);
    const auto rest = std::span(rows).subspan(rows.size() / 2);
    const ExitTable unseen = pool.rows(rest);
    const Certificate found = walk_path(path, pool.rows(half), request.target);
    const std::vector<RiskCount> counts = count_risks(unseen, found.policy, request.target);
    if (check.counts.empty())
      for (const RiskCount& count : counts) check.counts.push_back({count.what, count.limit});
    for (size_t c = 0; c < counts.size(); ++c) {
      ++check.counts[c].n;
      check.counts[c].k += counts[c].rate() > counts[c].limit;
    }
    cost += cost_of(unseen, found.policy, costs);
  }
  check.mean_cost = cost / std::max(1, request.splits);
  return check;
}

Status decide(const EarlyExitRequest& request, const ExitTable& lay, const ExitTable& walk,
              EarlyExitResult& result) {
  result.certificate =
      walk_path(lay_path(lay, request.target, result.costs.reaching()), walk, request.target);
  result.policy = result.certificate.policy;
  result.policy_source = "certified";
  const size_t heads = lay.exits() - 1;
  if (request.thresholds) {
    if (request.thresholds->size() != heads)
      return Error(
          fmt::format("{} thresholds were given for {} exits", request.thresholds->size(), heads));
    result.policy = {request.gate, *request.thresholds};
    result.policy_source = "given";
  }
  if (request.exact_only) {
    result.policy = {request.gate, std::vector<double>(heads, kNeverLeave)};
    result.policy_source = "exact only";
  }
  return Done{};
}

void test_quality(const EarlyExitRequest& request, EarlyExitResult& result) {
  const ExitTable& table = result.test_table;
  result.test_counts = count_risks(table, result.policy, request.target);
  result.test_exits = exit_histogram(table, result.policy);
  RiskTarget disagreement;
  result.agreement = 1 - count_risks(table, result.policy, disagreement)[0].rate();
  if (table.labels.empty()) return;
  result.full_accuracy = accuracy(table, nullptr);
  result.early_accuracy = accuracy(table, &result.policy);
}

Result<ExitTable> table_of(EarlyExitResult& result, const LabelledData& data,
                           const EarlyExitRequest& request, const TaskContext& context) {
  KASURI_TRY(ExitTable table, result.runner->tabulate(data, request.batches.front(), context));
  table.judge(request.gate);
  return table;
}

Status attach_heads(const EarlyExitRequest& request, const Roles& roles, EarlyExitResult& result,
                    const TaskContext& context) {
  HeadRequest heads{request.target, request.gate, request.most_heads, request.target.use_labels};
  KASURI_TRY(result.choice, choose_heads(*result.network, roles.fit, heads, context));
  if (result.choice.heads.empty())
    return Error(
        "no head pays for itself: at every depth tried, leaving early would not lower "
        "the expected time at this limit");
  result.network->attach(result.choice.heads);
  result.fitted_on = roles.fit.count;
  return Done{};
}

}  // namespace

namespace {

/// Leaves out exits of the model itself that do not pay, on the samples the path is laid on.
Status drop_exits(const EarlyExitRequest& request, const ExitTable& lay, EarlyExitResult& result) {
  std::vector<double> shares = result.costs.reaching();
  // Judging and cuts are added by the selection.
  for (double& share : shares) share /= shares.back();
  double expected = 1;
  const std::vector<size_t> kept =
      select_exits(lay, request.target, shares, request.most_heads, expected);
  std::vector<std::string> names;
  for (size_t k = 0; k + 1 < lay.exits(); ++k)
    if (kept.empty() || std::find(kept.begin(), kept.end(), k) != kept.end())
      names.push_back(lay.heads[k]);
    else
      result.dropped.push_back(lay.heads[k]);
  if (!result.dropped.empty()) result.network->use_exits(names, lay.heads.back());
  return Done{};
}

Status watch(const EarlyExitRequest& request, const Graph& graph, EarlyExitResult& result,
             const TaskContext& context) {
  KASURI_TRY(const LabelledData data, read_labelled_data(graph, *request.drift));
  std::vector<double> shares;
  for (int64_t left : result.test_exits)
    shares.push_back(static_cast<double>(left) / static_cast<double>(result.tested_on));
  MonitorRule rule;
  rule.delta = request.target.delta;
  KASURI_TRY(result.drift, watch_drift(*result.runner, data, result.policy,
                                       ExitMonitor(std::move(shares), rule), context));
  return Done{};
}

/// Parts planned, all exits of the samples to lay on known, their costs measured.
Result<ExitTable> start(const EarlyExitRequest& request, const Roles& roles,
                        EarlyExitResult& result, const TaskContext& context) {
  result.runner = std::make_shared<ExitRunner>(result.network);
  context.report("Planning the parts");
  for (int64_t batch : request.batches)
    KASURI_RETURN_IF_ERROR(result.runner->prepare(batch, context));
  ExitTable lay = result.choice.unseen;
  if (!request.attach) {
    KASURI_TRY(lay, table_of(result, roles.lay, request, context));
  }
  const int64_t fixed = result.network->fixed_batch();
  std::vector<int64_t> some(static_cast<size_t>(fixed > 0 ? fixed : request.batches.front()));
  for (size_t i = 0; i < some.size(); ++i) some[i] = static_cast<int64_t>(i) % roles.first().count;
  KASURI_TRY(result.costs,
             result.runner->measure_costs(roles.first().batch(some), kCostRuns, context));
  return lay;
}

}  // namespace

Result<EarlyExitResult> early_exit(const EarlyExitRequest& request, const TaskContext& context) {
  EarlyExitResult result;
  KASURI_TRY(ExitNetwork network, ExitNetwork::open(request.network, context));
  result.network = std::make_shared<ExitNetwork>(std::move(network));
  const int64_t fixed = result.network->fixed_batch();
  KASURI_TRY(const Graph graph, result.network->graph(fixed > 0 ? fixed : 1));
  if (!request.attach) {
    const auto found = result.network->exits(graph);
    if (!found.ok()) return found.error();
  }
  KASURI_TRY(const Roles roles, deal(request, graph, result));
  if (request.attach) KASURI_RETURN_IF_ERROR(attach_heads(request, roles, result, context));
  KASURI_TRY(ExitTable lay, start(request, roles, result, context));
  KASURI_RETURN_IF_ERROR(check_target(request.target, roles, lay.classes));
  if (!request.attach && !request.keep_exits && !request.thresholds &&
      request.gate != ExitGate::kSaturation) {
    KASURI_RETURN_IF_ERROR(drop_exits(request, lay, result));
    if (!result.dropped.empty()) {
      KASURI_TRY(lay, start(request, roles, result, context));
    }
  }
  KASURI_TRY(const ExitTable walk, table_of(result, roles.walk, request, context));
  KASURI_TRY(result.test_table, table_of(result, roles.test, request, context));
  result.laid_on = lay.count;
  result.tested_on = result.test_table.count;
  KASURI_RETURN_IF_ERROR(decide(request, lay, walk, result));
  test_quality(request, result);
  for (int64_t batch : request.batches) {
    KASURI_TRY(ExitLatency latency,
               measure_exits(*result.runner, roles.test, result.policy, batch,
                             std::max<int64_t>(20, request.runs / batch), context));
    result.latency.push_back(std::move(latency));
  }
  if (request.drift) KASURI_RETURN_IF_ERROR(watch(request, graph, result, context));
  if (request.splits > 0)
    result.split_check = check_splits(result.certificate.path, joined(walk, result.test_table),
                                      request, result.costs.reaching());
  return result;
}

}  // namespace kasuri::profiling
