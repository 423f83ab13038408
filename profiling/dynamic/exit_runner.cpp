#include "profiling/dynamic/exit_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <span>

#include "engine/exec/values.h"
#include "profiling/clock.h"
#include "profiling/dynamic/exit_pieces.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

constexpr size_t kPieceRounds = 15, kFewestRounds = 3;
constexpr double kPieceBudget = 1000;               // milliseconds, unless that is fewer rounds
constexpr size_t kWhole = static_cast<size_t>(-1);  // the full model, where parts are numbered

Tensor padded(const Tensor& tensor, int64_t rows) {
  const int64_t have = tensor.extents()[0];
  if (have == rows) return tensor;
  std::vector<int64_t> order(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; ++i) order[static_cast<size_t>(i)] = std::min(i, have - 1);
  return take_rows(tensor, order);
}

/// Whether an executor that looks at `a` looks at `b`, too.
bool lies_there(const Tensor& a, const Tensor& b) {
  const std::byte* const at = b.stored_bytes().data();
  return a.stored_bytes().data() == at && a.dtype() == b.dtype() && a.extents() == b.extents() &&
         reinterpret_cast<uintptr_t>(at) % kInputAlignment == 0;
}

/// One part, or the full model, planned for one number of samples.
struct Part {
  std::unique_ptr<Executor> executor;
  std::map<std::string, RuntimeValue> feeds;  // by what it enters with
  std::map<std::string, ValueType> types;     // of these
  bool bound = false;                         // to these feeds

  void feed(RuntimeValue& at, Tensor tensor) {
    if (at.is_tensor() && lies_there(at.tensor(), tensor)) return;
    at = std::move(tensor);
    bound = false;
  }
  Status run(const TaskContext& context) {
    if (!bound) KASURI_RETURN_IF_ERROR(executor->bind(feeds));
    bound = true;
    return executor->run_bound(context);
  }
};

/// Scores of samples, a row each.
struct Scores {
  std::vector<float> values;
  size_t classes = 0;

  std::span<const float> row(size_t i) const {
    return std::span(values).subspan(i * classes, classes);
  }
  void add(const Tensor& tensor, int64_t rows) {
    classes = static_cast<size_t>(tensor.extents()[1]);
    const auto more = tensor.data<float>().first(static_cast<size_t>(rows) * classes);
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

/// What samples got on their way.
struct Travelled {
  bool keeps_all = false;
  std::vector<size_t> exits;    // by sample
  Scores last;                  // at these
  std::vector<Scores> of_part;  // of all who came there, if kept
  std::vector<double> part_ms;  // judging included
};

}  // namespace

struct ExitRunner::State {
  std::shared_ptr<const ExitNetwork> network;
  std::shared_ptr<ExecutorSpace> space;
  std::map<int64_t, std::vector<ExitSegment>> cut;   // by samples
  std::map<std::pair<size_t, int64_t>, Part> parts;  // by segment and samples
  std::vector<int64_t> sizes;                        // of pieces worth a plan; empty: any number
  int64_t prepared = 0;                              // samples these go up to
  std::vector<std::set<std::string>> needed_after;   // by segment
  ExitTravellers on;
  bool full_gives_probabilities = false;

  Status cut_for(int64_t rows);
  Result<Part*> part(size_t k, int64_t rows, const TaskContext& context);
  std::vector<int64_t> pieces(int64_t rows) const;
  Result<PieceTimes> time_pieces(int64_t most, const TaskContext& context);
  Status choose_pieces(int64_t most, const TaskContext& context);
  Result<const std::vector<RuntimeValue>*> enter_piece(size_t k, int64_t first, int64_t rows,
                                                       const TaskContext& context);
  Result<Scores> enter(size_t k, const TaskContext& context);
  Status journey(const ExitPolicy& policy, Travelled& to, const TaskContext& context);
  Result<Travelled> travel(const NamedTensors& inputs, const ExitPolicy& policy, bool keeps_all,
                           const TaskContext& context);
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
  Graph graph;
  std::string where = "planning the full model";
  if (k == kWhole) {
    KASURI_TRY(graph, network->full(rows));
  } else {
    graph = cut.at(rows)[k].graph;
    where = fmt::format("planning the part before exit '{}'", cut.at(rows)[k].head);
  }
  Part made;
  for (ValueId id : graph.inputs()) made.types[graph.value(id).name] = graph.value(id).type;
  for (const auto& [name, type] : made.types) made.feeds[name] = RuntimeValue();
  KASURI_TRY_IN(made.executor, prepare_graph(graph, network->request(), context, space), where);
  return &parts.emplace(std::pair(k, rows), std::move(made)).first->second;
}

/// Runs part k for some of those on their way; a view of each output, whose first `rows` are
/// theirs.
Result<const std::vector<RuntimeValue>*> ExitRunner::State::enter_piece(
    size_t k, int64_t first, int64_t rows, const TaskContext& context) {
  const int64_t fixed = network->fixed_batch(), planned = fixed > 0 ? fixed : rows;
  KASURI_TRY(Part* const p, part(k, planned, context));
  for (auto& [name, value] : p->feeds) p->feed(value, padded(on.rows(name, first, rows), planned));
  KASURI_RETURN_IF_ERROR(p->run(context));
  return &p->executor->output_views();
}

/// How many go together, all `rows` in sum.
std::vector<int64_t> ExitRunner::State::pieces(int64_t rows) const {
  return sizes.empty() ? std::vector<int64_t>{rows} : split_rows(rows, sizes);
}

/// Runs part k for those on their way; its crossing values join theirs. Returns the class scores.
Result<Scores> ExitRunner::State::enter(size_t k, const TaskContext& context) {
  const auto rows = static_cast<int64_t>(on.count());
  Scores scores;
  int64_t at = 0;
  for (const int64_t piece : pieces(rows)) {
    KASURI_TRY(const std::vector<RuntimeValue>* const made, enter_piece(k, at, piece, context));
    scores.add((*made)[0].tensor(), piece);
    const ExitSegment& segment = cut.begin()->second[k];
    for (size_t i = 1; i < made->size(); ++i) {
      const Tensor& all = (*made)[i].tensor();
      const bool padded = all.extents()[0] != piece;
      const Tensor& theirs = padded ? slice_rows(all, 0, piece) : all;
      piece == rows ? on.put(segment.leaves[i], theirs) : on.write(segment.leaves[i], at, theirs);
    }
    at += piece;
  }
  if (cut.begin()->second[k].gives_probabilities) scores.to_logits();
  return scores;
}

/// Of the full model, when about `most` samples go in such pieces. One way after the other, so that
/// they disturb each other's caches as they do on a journey; inputs are zeros.
Result<PieceTimes> ExitRunner::State::time_pieces(int64_t most, const TaskContext& context) {
  PieceTimes times;
  const Stopwatch all;
  while (times.size() <= kFewestRounds ||
         (times.size() <= kPieceRounds && all.milliseconds() < kPieceBudget)) {
    std::map<int64_t, double> round;
    for (const int64_t rows : piece_candidates(most)) {
      KASURI_RETURN_IF_ERROR(context.cancel.check());
      KASURI_TRY(Part* const p, part(kWhole, rows, context));
      std::vector<SharedBuffer> zeros;
      for (const auto& [name, type] : p->types) {
        zeros.emplace_back(type);
        p->feed(p->feeds[name], zeros.back().tensor());
      }
      const int64_t pieces = most / rows;
      const Stopwatch watch;
      for (int64_t i = 0; i < pieces; ++i) KASURI_RETURN_IF_ERROR(p->run(context));
      round[rows] = watch.milliseconds() / static_cast<double>(pieces);
    }
    times.push_back(std::move(round));
  }
  times.erase(times.begin());  // the first touches memory
  return times;
}

/// Plans the full model for all candidates, and keeps those worth it.
Status ExitRunner::State::choose_pieces(int64_t most, const TaskContext& context) {
  KASURI_TRY(const PieceTimes times, time_pieces(most, context));
  sizes = worthwhile_pieces(times);
  std::erase_if(parts, [&](const auto& item) {
    return !std::count(sizes.begin(), sizes.end(), item.first.second);
  });
  prepared = most;
  return Done{};
}

/// Some samples through the parts, as long as they stay.
Status ExitRunner::State::journey(const ExitPolicy& policy, Travelled& to,
                                  const TaskContext& context) {
  const size_t last = policy.thresholds.size();
  Scores before;
  std::vector<int64_t> staying;
  to.of_part.resize(last + 1);
  to.part_ms.resize(last + 1);
  for (size_t k = 0; k <= last && !on.empty(); ++k) {
    const Stopwatch watch;
    KASURI_TRY(Scores scores, enter(k, context));
    if (to.keeps_all) to.of_part[k].add(scores.tensor(), static_cast<int64_t>(on.count()));
    to.last.classes = scores.classes;
    to.last.values.resize(to.exits.size() * scores.classes);
    staying.clear();
    for (size_t i = 0; i < on.count(); ++i) {
      const auto row = scores.row(i);
      const auto earlier = k > 0 ? before.row(i) : std::span<const float>();
      const bool leaves =
          k == last || (policy.thresholds[k] > kNeverLeave &&
                        uncertainty_of(policy.gate, row, earlier) <= policy.thresholds[k]);
      if (leaves) {
        to.exits[on.sample(i)] = k;
        std::copy(row.begin(), row.end(),
                  to.last.values.begin() + static_cast<long>(on.sample(i) * row.size()));
      } else {
        scores.move_row(i, staying.size());
        staying.push_back(static_cast<int64_t>(i));
      }
    }
    before = std::move(scores);
    on.keep(staying, needed_after[k]);
    to.part_ms[k] += watch.milliseconds();
  }
  return Done{};
}

/// All samples, as many together as one plan is worth; further on they may split again.
Result<Travelled> ExitRunner::State::travel(const NamedTensors& inputs, const ExitPolicy& policy,
                                            bool keeps_all, const TaskContext& context) {
  const int64_t count = inputs.begin()->second.extents()[0];
  Travelled to;
  to.keeps_all = keeps_all;
  to.exits.assign(static_cast<size_t>(count), 0);
  int64_t first = 0;
  for (const int64_t piece : pieces(count)) {
    on.start(inputs, first, piece);
    KASURI_RETURN_IF_ERROR(journey(policy, to, context));
    first += piece;
  }
  return to;
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
  if (fixed == 0 && batch > state_->prepared)
    KASURI_RETURN_IF_ERROR(state_->choose_pieces(batch, context));
  std::vector<int64_t> sizes = fixed > 0 ? std::vector<int64_t>{fixed} : state_->sizes;
  for (const int64_t rows : sizes) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    KASURI_RETURN_IF_ERROR(state_->cut_for(rows));
    if (const auto made = state_->part(kWhole, rows, context); !made.ok()) return made.error();
    for (size_t k = 0; k < exits(); ++k)
      if (const auto made = state_->part(k, rows, context); !made.ok()) return made.error();
  }
  return Done{};
}

Result<ExitAnswer> ExitRunner::run(const NamedTensors& inputs, const ExitPolicy& policy,
                                   const TaskContext& context) {
  KASURI_TRY(Travelled to, state_->travel(inputs, policy, false, context));
  return ExitAnswer{to.last.tensor(), std::move(to.exits)};
}

Result<ExitAnswer> ExitRunner::run_full(const NamedTensors& inputs, const TaskContext& context) {
  const int64_t rows = inputs.begin()->second.extents()[0];
  state_->on.start(inputs, 0, rows);
  Scores scores;
  int64_t at = 0;
  for (const int64_t piece : state_->pieces(rows)) {
    KASURI_TRY(const std::vector<RuntimeValue>* const made,
               state_->enter_piece(kWhole, at, piece, context));
    scores.add((*made)[0].tensor(), piece);
    at += piece;
  }
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
    KASURI_TRY(const Travelled to, state_->travel(data.batch(samples), stay, true, context));
    table.classes = static_cast<int>(to.last.classes);
    for (size_t k = 0; k < to.of_part.size(); ++k) {
      const std::vector<float>& values = to.of_part[k].values;
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
    KASURI_TRY(const Travelled to, state_->travel(inputs, stay, false, context));
    const Stopwatch watch;
    KASURI_TRY(const ExitAnswer whole, run_full(inputs, context));
    if (i < 2) continue;
    full.push_back(watch.milliseconds());
    for (size_t k = 0; k < parts.size(); ++k) parts[k].push_back(to.part_ms[k]);
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
