#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/ir/subgraph.h"
#include "profiling/clock.h"
#include "profiling/dynamic/exit_fit.h"
#include "profiling/dynamic/exit_risk.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

constexpr size_t kMostPlaces = 12;
constexpr double kEarliest = 0.03, kLatest = 0.92;  // of the model's time
constexpr int kProfileRuns = 15;
constexpr double kLabelWeight = 2;  // logits added to the labelled class

/// Median time of each step, by source node.
class StepTimes : public ExecutionObserver {
 public:
  void on_step_begin(const PlanStep&) override { watch_ = Stopwatch(); }
  void on_step_end(const PlanStep& step) override {
    times_[&step].push_back(watch_.milliseconds());
  }
  const std::map<const PlanStep*, std::vector<double>>& times() const { return times_; }

 private:
  Stopwatch watch_;
  std::map<const PlanStep*, std::vector<double>> times_;
};

/// The share of time before each place; places inside a fused step are dropped.
Result<std::vector<ExitPlace>> timed_places(const Graph& graph, ValueId last,
                                            const ExitRequest& request, const LabelledData& data,
                                            const TaskContext& context) {
  std::vector<ExitPlace> places = exit_places(graph, last), timed;
  KASURI_TRY(const Graph full, graph_of(graph, last));
  KASURI_TRY(const auto executor, prepare_graph(full, request, context));
  const int64_t batch = (*graph.value(last).type.shape)[0].value();
  std::vector<int64_t> rows(static_cast<size_t>(batch));
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int64_t>(i) % data.count;
  std::map<std::string, RuntimeValue> feeds;
  for (const auto& [name, tensor] : data.batch(rows)) feeds[name] = tensor;
  StepTimes times;
  for (int i = 0; i < kProfileRuns; ++i) {
    const auto ran = executor->run(feeds, context, &times);
    if (!ran.ok()) return ran.error();
  }
  const PlanEntry& entry = executor->plan().entry();
  std::set<std::string> buffers;
  for (const PlanBuffer& buffer : entry.buffers) buffers.insert(buffer.name);
  double total = 0;
  for (const auto& [step, ms] : times.times()) total += median(ms);
  for (ExitPlace& place : places) {
    if (!buffers.contains(place.value)) continue;
    std::set<std::string> makers;
    for (NodeId id : makers_of(graph, {*graph.find_value(place.value)}))
      makers.insert(graph.node(id).name);
    double before = 0;
    for (const auto& [step, ms] : times.times())
      if (std::all_of(step->sources.begin(), step->sources.end(),
                      [&](const std::string& name) { return makers.contains(name); }))
        before += median(ms);
    place.share = before / total;
    if (place.share >= kEarliest && place.share <= kLatest) timed.push_back(place);
  }
  return timed;
}

/// The last place of each of equally long stretches.
std::vector<ExitPlace> spread(const std::vector<ExitPlace>& places) {
  std::vector<ExitPlace> kept;
  for (const ExitPlace& place : places) {
    const auto stretch = [](const ExitPlace& p) { return static_cast<int>(p.share * kMostPlaces); };
    if (!kept.empty() && stretch(kept.back()) == stretch(place))
      kept.back() = place;
    else
      kept.push_back(place);
  }
  return kept;
}

AttachedHead head_at(const ExitPlace& place) {
  return {place.value, "exit_at/" + place.value, place.pooling, {}, {}};
}

/// Features of every place and the full model's scores, for all samples.
struct Recorded {
  std::vector<std::vector<float>> features;
  std::vector<float> scores;
  int64_t rows = 0;
};

Result<Recorded> record(const ExitNetwork& network, const std::vector<ExitPlace>& places,
                        const LabelledData& data, const TaskContext& context) {
  const int64_t fixed = network.fixed_batch();
  const int64_t batch = fixed > 0 ? fixed : std::min<int64_t>(8, data.count);
  KASURI_TRY(Graph graph, network.graph(batch));
  KASURI_TRY(const ValueId last, final_scores(graph, network.request().final_name));
  std::vector<ValueId> wanted{last};
  for (const ExitPlace& place : places) {
    KASURI_TRY(graph, attach_head(std::move(graph), head_at(place)));
    const std::string name = place.pooling == ExitPooling::kRow ? place.value : head_at(place).name;
    wanted.push_back(*graph.find_value(name));
  }
  KASURI_TRY(const Graph cut, cut_graph(graph, makers_of(graph, wanted), wanted));
  KASURI_TRY(const auto executor, prepare_graph(cut, network.request(), context));
  Recorded recorded;
  recorded.features.resize(places.size());
  for (int64_t at = 0; at + batch <= data.count; at += batch) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    context.report("Recording features", static_cast<double>(at), static_cast<double>(data.count));
    std::vector<int64_t> rows(static_cast<size_t>(batch));
    std::iota(rows.begin(), rows.end(), at);
    std::map<std::string, RuntimeValue> feeds;
    for (const auto& [name, tensor] : data.batch(rows)) feeds[name] = tensor;
    KASURI_TRY(const auto made, executor->run(feeds, context));
    const auto append = [](std::vector<float>& to, const RuntimeValue& value) {
      const auto from = value.tensor().data<float>();
      to.insert(to.end(), from.begin(), from.end());
    };
    append(recorded.scores, made[0]);
    for (size_t k = 0; k < places.size(); ++k) append(recorded.features[k], made[k + 1]);
    recorded.rows += batch;
  }
  return recorded;
}

/// Class scores without the part all classes share, which means nothing.
std::vector<float> targets_of(const Recorded& recorded, const LabelledData& data, bool labels) {
  std::vector<float> targets = recorded.scores;
  const size_t classes = targets.size() / static_cast<size_t>(recorded.rows);
  for (size_t i = 0; i < static_cast<size_t>(recorded.rows); ++i) {
    float* row = &targets[i * classes];
    const float mean = std::accumulate(row, row + classes, 0.0F) / static_cast<float>(classes);
    for (size_t c = 0; c < classes; ++c) row[c] -= mean;
    if (labels && !data.labels.empty() && data.labels[i] >= 0 &&
        data.labels[i] < static_cast<int64_t>(classes))
      row[data.labels[i]] += kLabelWeight;
  }
  return targets;
}

/// What heads at these places say of samples they were not fitted on.
ExitTable unseen_table(const std::vector<size_t>& heads, const std::vector<ExitPlace>& places,
                       const std::vector<LinearFit>& fits, const Recorded& recorded,
                       const LabelledData& data) {
  ExitTable table;
  table.count = recorded.rows;
  table.classes = static_cast<int>(recorded.scores.size() / static_cast<size_t>(recorded.rows));
  table.labels = data.labels;
  if (!table.labels.empty()) table.labels.resize(static_cast<size_t>(table.count));
  for (size_t k : heads) {
    table.heads.push_back(head_at(places[k]).name);
    table.scores.push_back(fits[k].unseen);
  }
  table.heads.push_back("full");
  table.scores.push_back(recorded.scores);
  return table;
}

AttachedHead fitted_head(const ExitPlace& place, const LinearFit& fit) {
  const auto classes = static_cast<int64_t>(fit.bias.size());
  const auto features = static_cast<int64_t>(fit.weights.size()) / classes;
  AttachedHead head = head_at(place);
  head.weights = Tensor::of<float>({features, classes}, fit.weights);
  head.bias = Tensor::of<float>({classes}, fit.bias);
  return head;
}

}  // namespace

Result<HeadChoice> choose_heads(const ExitNetwork& network, const LabelledData& fit,
                                const HeadRequest& request, const TaskContext& context) {
  const int64_t batch = network.fixed_batch() > 0 ? network.fixed_batch() : 1;
  KASURI_TRY(const Graph graph, network.graph(batch));
  KASURI_TRY(const ValueId last, final_scores(graph, network.request().final_name));
  KASURI_TRY(const std::vector<ExitPlace> timed,
             timed_places(graph, last, network.request(), fit, context));
  HeadChoice choice;
  choice.proposed = spread(timed);
  const std::vector<ExitPlace>& places = choice.proposed;
  if (places.empty())
    return Error(
        "no place in the model has everything behind it depend on one value of a kind "
        "that a head can read; no head can be attached");
  KASURI_TRY(const Recorded recorded, record(network, places, fit, context));
  const std::vector<float> targets = targets_of(recorded, fit, request.use_labels);
  std::vector<LinearFit> fits;
  std::vector<size_t> all;
  std::vector<double> shares;
  for (size_t k = 0; k < places.size(); ++k) {
    context.report("Fitting heads", static_cast<double>(k), static_cast<double>(places.size()));
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    KASURI_TRY(LinearFit made, fit_ridge(recorded.features[k], targets, recorded.rows));
    fits.push_back(std::move(made));
    all.push_back(k);
    shares.push_back(places[k].share);
  }
  ExitTable table = unseen_table(all, places, fits, recorded, fit);
  table.judge(request.gate);
  const std::vector<size_t> chosen =
      select_exits(table, request.target, shares, request.most_heads, choice.expected_cost);
  for (size_t k : chosen) {
    choice.heads.push_back(fitted_head(places[k], fits[k]));
    choice.places.push_back(places[k]);
    choice.fits.push_back(fits[k]);
  }
  choice.unseen = unseen_table(chosen, places, fits, recorded, fit);
  choice.unseen.judge(request.gate);
  return choice;
}

}  // namespace kasuri::profiling
