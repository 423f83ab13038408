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

std::vector<float> apply(const LinearFit& fit, const std::vector<float>& features, size_t rows) {
  const size_t c = fit.bias.size(), d = features.size() / rows;
  std::vector<float> scores(rows * c);
  for (size_t i = 0; i < rows; ++i) {
    float* out = &scores[i * c];
    std::copy(fit.bias.begin(), fit.bias.end(), out);
    for (size_t a = 0; a < d; ++a)
      for (size_t b = 0; b < c; ++b) out[b] += features[i * d + a] * fit.weights[a * c + b];
  }
  return scores;
}

struct Candidates {
  std::vector<ExitPlace> places;
  std::vector<LinearFit> fits;
  std::vector<std::vector<float>> scores;  // on the samples chosen with
  std::vector<float> full;
  std::vector<int64_t> labels;
  int64_t rows = 0;
};

std::vector<size_t> choose(const Candidates& all, const HeadRequest& request, double& cost) {
  ExitTable table;
  table.count = all.rows;
  table.classes = static_cast<int>(all.full.size() / static_cast<size_t>(all.rows));
  table.labels = all.labels;
  table.scores = all.scores;
  table.scores.push_back(all.full);
  std::vector<double> shares;
  for (const ExitPlace& place : all.places) {
    table.heads.push_back(place.value);
    shares.push_back(place.share);
  }
  table.heads.push_back("full");
  table.judge(request.gate);
  return select_exits(table, request.target, shares, request.most_heads, cost);
}

}  // namespace

Result<HeadChoice> choose_heads(const ExitNetwork& network, const LabelledData& fit,
                                const LabelledData& choose_on, const HeadRequest& request,
                                const TaskContext& context) {
  const int64_t batch = network.fixed_batch() > 0 ? network.fixed_batch() : 1;
  KASURI_TRY(const Graph graph, network.graph(batch));
  KASURI_TRY(const ValueId last, final_scores(graph, network.request().final_name));
  KASURI_TRY(std::vector<ExitPlace> places,
             timed_places(graph, last, network.request(), fit, context));
  Candidates all;
  all.places = spread(places);
  if (all.places.empty())
    return Error(
        "no place in the model has everything behind it depend on one value of a kind "
        "that a head can read; no head can be attached");
  KASURI_TRY(const Recorded fitted, record(network, all.places, fit, context));
  KASURI_TRY(const Recorded chosen_on, record(network, all.places, choose_on, context));
  const std::vector<float> targets = targets_of(fitted, fit, request.use_labels);
  for (size_t k = 0; k < all.places.size(); ++k) {
    context.report("Fitting heads", static_cast<double>(k), static_cast<double>(all.places.size()));
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    KASURI_TRY(LinearFit made, fit_ridge(fitted.features[k], targets, fitted.rows));
    all.scores.push_back(apply(made, chosen_on.features[k], static_cast<size_t>(chosen_on.rows)));
    all.fits.push_back(std::move(made));
  }
  all.full = chosen_on.scores;
  all.rows = chosen_on.rows;
  all.labels = choose_on.labels;
  if (!all.labels.empty()) all.labels.resize(static_cast<size_t>(all.rows));
  HeadChoice choice;
  choice.proposed = all.places;
  for (size_t k : choose(all, request, choice.expected_cost)) {
    const LinearFit& made = all.fits[k];
    const auto classes = static_cast<int64_t>(made.bias.size());
    AttachedHead head = head_at(all.places[k]);
    head.weights = Tensor::of<float>({static_cast<int64_t>(made.weights.size()) / classes, classes},
                                     made.weights);
    head.bias = Tensor::of<float>({classes}, made.bias);
    choice.heads.push_back(std::move(head));
    choice.places.push_back(all.places[k]);
    choice.fits.push_back(made);
  }
  return choice;
}

}  // namespace kasuri::profiling
