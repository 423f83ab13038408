#include "profiling/dynamic/exit_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <span>

#include "profiling/clock.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

/// Up to so many samples, parts are planned for every number of them: a second run would read all
/// weights again.
constexpr int64_t kEveryNumber = 8;

/// Beyond, the largest power of two: others are run in such pieces, so that few plans are made and
/// no work is done for nobody.
int64_t piece_of(int64_t rows) {
  if (rows <= kEveryNumber) return rows;
  int64_t piece = kEveryNumber;
  while (2 * piece <= rows) piece *= 2;
  return piece;
}

Tensor padded(const Tensor& tensor, int64_t rows) {
  const int64_t have = tensor.extents()[0];
  if (have == rows) return tensor;
  std::vector<int64_t> order(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; ++i) order[static_cast<size_t>(i)] = std::min(i, have - 1);
  return take_rows(tensor, order);
}

/// One part, planned for one number of samples.
struct Part {
  std::unique_ptr<Executor> executor;
  std::map<std::string, RuntimeValue> feeds;  // by what it enters with
};

/// Scores of samples, a row each.
struct Scores {
  std::vector<float> values;
  size_t classes = 0;

  std::span<const float> row(size_t i) const {
    return std::span(values).subspan(i * classes, classes);
  }
  void add(const Tensor& rows) {
    classes = static_cast<size_t>(rows.extents()[1]);
    const auto more = rows.data<float>();
    values.insert(values.end(), more.begin(), more.end());
  }
  /// Moves row `from` to row `to`, which is not behind it.
  void move_row(size_t from, size_t to) {
    if (from != to)
      std::copy_n(values.data() + from * classes, classes, values.data() + to * classes);
  }
  void to_logits() {
    for (float& value : values) value = std::log(std::max(value, 1e-38F));
  }
  Tensor tensor() const {
    const size_t rows = classes == 0 ? 0 : values.size() / classes;
    return Tensor::of<float>({static_cast<int64_t>(rows), static_cast<int64_t>(classes)}, values);
  }
};

}  // namespace

struct ExitRunner::State {
  std::shared_ptr<const ExitNetwork> network;
  std::shared_ptr<ExecutorSpace> space;
  std::map<int64_t, std::vector<ExitSegment>> cut;    // by samples
  std::map<std::pair<size_t, int64_t>, Part> parts;   // by segment and samples
  std::map<int64_t, std::unique_ptr<Executor>> full;  // by samples
  std::vector<std::set<std::string>> needed_after;    // by segment
  ExitTravellers on;
  bool full_gives_probabilities = false;
  std::vector<double>* part_ms = nullptr;  // while costs are measured

  Status cut_for(int64_t rows);
  Result<Part*> part(size_t k, int64_t rows, const TaskContext& context);
  Result<Executor*> full_for(int64_t rows, const TaskContext& context);
  Result<std::vector<Tensor>> enter_piece(size_t k, int64_t first, int64_t rows,
                                          const TaskContext& context);
  Result<Scores> enter(size_t k, const TaskContext& context);
  Result<ExitAnswer> travel(const NamedTensors& inputs, const ExitPolicy& policy,
                            std::vector<Tensor>* all, const TaskContext& context);
};

Status ExitRunner::State::cut_for(int64_t rows) {
  if (cut.contains(rows)) return Done{};
  KASURI_TRY(std::vector<ExitSegment> segments, network->segments(rows));
  if (needed_after.empty()) {
    needed_after.resize(segments.size());
    for (size_t k = segments.size(); k-- > 1;) {
      needed_after[k - 1] = needed_after[k];
      needed_after[k - 1].insert(segments[k].enters.begin(), segments[k].enters.end());
    }
    full_gives_probabilities = segments.back().gives_probabilities;
  }
  cut.emplace(rows, std::move(segments));
  return Done{};
}

Result<Part*> ExitRunner::State::part(size_t k, int64_t rows, const TaskContext& context) {
  const auto found = parts.find({k, rows});
  if (found != parts.end()) return &found->second;
  KASURI_RETURN_IF_ERROR(cut_for(rows));
  const ExitSegment& segment = cut.at(rows)[k];
  Part made;
  for (const std::string& name : segment.enters) made.feeds[name] = RuntimeValue();
  KASURI_TRY_IN(made.executor, prepare_graph(segment.graph, network->request(), context, space),
                fmt::format("planning the part before exit '{}'", segment.head));
  return &parts.emplace(std::pair(k, rows), std::move(made)).first->second;
}

Result<Executor*> ExitRunner::State::full_for(int64_t rows, const TaskContext& context) {
  const auto found = full.find(rows);
  if (found != full.end()) return found->second.get();
  KASURI_RETURN_IF_ERROR(cut_for(rows));
  KASURI_TRY(const Graph graph, network->full(rows));
  KASURI_TRY(auto executor, prepare_graph(graph, network->request(), context, space));
  return full.emplace(rows, std::move(executor)).first->second.get();
}

/// Runs part k for some of those on their way; one view per output.
Result<std::vector<Tensor>> ExitRunner::State::enter_piece(size_t k, int64_t first, int64_t rows,
                                                           const TaskContext& context) {
  const int64_t fixed = network->fixed_batch(), planned = fixed > 0 ? fixed : rows;
  KASURI_TRY(Part* const p, part(k, planned, context));
  for (auto& [name, value] : p->feeds) value = padded(on.rows(name, first, rows), planned);
  KASURI_RETURN_IF_ERROR(p->executor->bind(p->feeds));
  KASURI_RETURN_IF_ERROR(p->executor->run_bound(context));
  std::vector<Tensor> outputs;
  for (const RuntimeValue& value : p->executor->output_views())
    outputs.push_back(planned == rows ? value.tensor() : slice_rows(value.tensor(), 0, rows));
  return outputs;
}

/// Runs part k for those on their way; its crossing values join theirs. Returns the class scores.
/// Pieces have different numbers of rows, and so plans and memory of their own.
Result<Scores> ExitRunner::State::enter(size_t k, const TaskContext& context) {
  const auto rows = static_cast<int64_t>(on.count());
  const bool whole = network->fixed_batch() > 0;
  Scores scores;
  std::vector<std::vector<Tensor>> pieces;  // by output
  for (int64_t at = 0; at < rows;) {
    const int64_t piece = whole ? rows : piece_of(rows - at);
    KASURI_TRY(std::vector<Tensor> made, enter_piece(k, at, piece, context));
    scores.add(made[0]);
    pieces.resize(made.size());
    for (size_t i = 1; i < made.size(); ++i) pieces[i].push_back(std::move(made[i]));
    at += piece;
  }
  const ExitSegment& segment = cut.begin()->second[k];
  for (size_t i = 1; i < pieces.size(); ++i) on.put(segment.leaves[i], std::move(pieces[i]));
  if (segment.gives_probabilities) scores.to_logits();
  return scores;
}

Result<ExitAnswer> ExitRunner::State::travel(const NamedTensors& inputs, const ExitPolicy& policy,
                                             std::vector<Tensor>* all, const TaskContext& context) {
  on.start(inputs);
  const size_t count = on.count(), last = policy.thresholds.size();
  ExitAnswer answer;
  answer.exits.assign(count, 0);
  Scores kept, before;
  std::vector<int64_t> staying;
  for (size_t k = 0; k <= last && !on.empty(); ++k) {
    const Stopwatch watch;
    KASURI_TRY(Scores scores, enter(k, context));
    if (all != nullptr) all->push_back(scores.tensor());
    kept.classes = scores.classes;
    kept.values.resize(count * scores.classes);
    staying.clear();
    for (size_t i = 0; i < on.count(); ++i) {
      const auto row = scores.row(i);
      const auto earlier = k > 0 ? before.row(i) : std::span<const float>();
      const bool leaves =
          k == last || (policy.thresholds[k] > kNeverLeave &&
                        uncertainty_of(policy.gate, row, earlier) <= policy.thresholds[k]);
      if (leaves) {
        answer.exits[on.sample(i)] = k;
        std::copy(row.begin(), row.end(), kept.values.begin() + on.sample(i) * kept.classes);
      } else {
        scores.move_row(i, staying.size());
        staying.push_back(static_cast<int64_t>(i));
      }
    }
    before = std::move(scores);
    on.keep(staying, needed_after[k]);
    if (part_ms != nullptr) part_ms->push_back(watch.milliseconds());
  }
  answer.scores = kept.tensor();
  return answer;
}

ExitRunner::ExitRunner(std::shared_ptr<const ExitNetwork> network)
    : state_(std::make_unique<State>()) {
  const PlanRequest& plan = network->request().plan;
  state_->space = std::make_shared<ExecutorSpace>(plan.threads, plan.cpus);
  state_->network = std::move(network);
}
ExitRunner::~ExitRunner() = default;

size_t ExitRunner::exits() const { return state_->needed_after.size(); }

Status ExitRunner::prepare(int64_t batch, const TaskContext& context) {
  const int64_t fixed = state_->network->fixed_batch();
  // The full model first: its arena is the largest, and the parts share it.
  const auto full = state_->full_for(fixed > 0 ? fixed : batch, context);
  if (!full.ok()) return full.error();
  for (int64_t rows = fixed > 0 ? fixed : 1; rows <= std::max(fixed, batch);
       rows = rows < kEveryNumber ? rows + 1 : 2 * rows) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    KASURI_RETURN_IF_ERROR(state_->cut_for(rows));
    for (size_t k = 0; k < exits(); ++k)
      if (const auto made = state_->part(k, rows, context); !made.ok()) return made.error();
    if (fixed > 0) break;
  }
  return Done{};
}

Result<ExitAnswer> ExitRunner::run(const NamedTensors& inputs, const ExitPolicy& policy,
                                   const TaskContext& context) {
  return state_->travel(inputs, policy, nullptr, context);
}

Result<ExitAnswer> ExitRunner::run_full(const NamedTensors& inputs, const TaskContext& context) {
  const int64_t rows = inputs.begin()->second.extents()[0];
  const int64_t fixed = state_->network->fixed_batch(), planned = fixed > 0 ? fixed : rows;
  KASURI_TRY(Executor* const executor, state_->full_for(planned, context));
  std::map<std::string, RuntimeValue> feeds;
  for (const auto& [name, tensor] : inputs) feeds[name] = padded(tensor, planned);
  KASURI_RETURN_IF_ERROR(executor->bind(feeds));
  KASURI_RETURN_IF_ERROR(executor->run_bound(context));
  Scores scores;
  scores.add(executor->output_views()[0].tensor());
  scores.values.resize(static_cast<size_t>(rows) * scores.classes);
  if (state_->full_gives_probabilities) scores.to_logits();
  return ExitAnswer{scores.tensor(), std::vector<size_t>(static_cast<size_t>(rows), exits() - 1)};
}

Result<ExitTable> ExitRunner::tabulate(const LabelledData& data, int64_t batch,
                                       const TaskContext& context) {
  const int64_t fixed = state_->network->fixed_batch();
  if (fixed > 0) batch = fixed;
  KASURI_RETURN_IF_ERROR(state_->cut_for(fixed > 0 ? fixed : 1));
  ExitTable table;
  for (const ExitSegment& segment : state_->cut.begin()->second)
    table.heads.push_back(segment.head);
  table.labels = data.labels;
  table.scores.resize(table.heads.size());
  const ExitPolicy stay{ExitGate::kEntropy, std::vector<double>(exits() - 1, kNeverLeave)};
  const int64_t count = fixed > 0 ? data.count / fixed * fixed : data.count;
  for (int64_t at = 0; at < count; at += batch) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    context.report("Running all exits", static_cast<double>(at), static_cast<double>(count));
    std::vector<int64_t> samples(static_cast<size_t>(std::min(batch, count - at)));
    std::iota(samples.begin(), samples.end(), at);
    std::vector<Tensor> all;
    KASURI_TRY(const ExitAnswer answer, state_->travel(data.batch(samples), stay, &all, context));
    table.classes = static_cast<int>(answer.scores.extents()[1]);
    for (size_t k = 0; k < all.size(); ++k) {
      const auto values = all[k].data<float>();
      table.scores[k].insert(table.scores[k].end(), values.begin(), values.end());
    }
  }
  table.count = count;
  if (!table.labels.empty()) table.labels.resize(static_cast<size_t>(count));
  return table;
}

std::vector<double> ExitRunner::Costs::reaching() const {
  std::vector<double> costs;
  double sum = 0;
  for (double ms : part_ms) costs.push_back((sum += ms) / full_ms);
  return costs;
}

Result<ExitRunner::Costs> ExitRunner::measure_costs(const NamedTensors& inputs, int runs,
                                                    const TaskContext& context) {
  Costs costs;
  // Judged like everywhere, but nobody is sure enough.
  const ExitPolicy stay{ExitGate::kEntropy, std::vector<double>(exits() - 1, -0.5)};
  std::vector<std::vector<double>> parts(exits());
  std::vector<double> full;
  for (int i = 0; i < runs + 2; ++i) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    std::vector<double> times;
    state_->part_ms = &times;
    auto answer = run(inputs, stay, context);
    state_->part_ms = nullptr;
    if (!answer.ok()) return std::move(answer).error();
    const Stopwatch watch;
    KASURI_TRY(const ExitAnswer whole, run_full(inputs, context));
    if (i < 2) continue;
    full.push_back(watch.milliseconds());
    for (size_t k = 0; k < times.size(); ++k) parts[k].push_back(times[k]);
  }
  for (std::vector<double>& times : parts) costs.part_ms.push_back(median(std::move(times)));
  costs.full_ms = median(std::move(full));
  return costs;
}

std::vector<PartMemory> ExitRunner::memory() const {
  std::vector<PartMemory> list;
  if (state_->cut.empty()) return list;
  const auto& segments = state_->cut.begin()->second;
  for (size_t k = 0; k < segments.size(); ++k) {
    PartMemory memory{segments[k].head};
    for (const auto& [key, part] : state_->parts) {
      if (key.first != k) continue;
      const MemorySummary& plan = part.executor->plan().entry().memory;
      memory.entered = true;
      memory.weights_bytes =
          std::max(memory.weights_bytes, plan.weights_bytes + plan.packed_weights_bytes);
      memory.arena_bytes = std::max(memory.arena_bytes, plan.arena_bytes);
    }
    list.push_back(memory);
  }
  return list;
}

}  // namespace kasuri::profiling
