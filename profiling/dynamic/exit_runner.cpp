#include "profiling/dynamic/exit_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>
#include <span>

#include "profiling/clock.h"
#include "profiling/statistics.h"

namespace kasuri::profiling {
namespace {

/// The largest power of two: parts are planned for such numbers of samples only, and others are run
/// in such pieces, so that weights are packed a few times and no work is done for nobody.
int64_t piece_of(int64_t rows) {
  int64_t piece = 1;
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
  std::vector<std::string> enters;
};

/// Values alive between parts, by the samples still on their way.
struct Travellers {
  NamedTensors values;
  std::vector<int64_t> samples;  ///< Positions in the batch.
  Tensor before;                 ///< Scores at the exit before.
};

std::span<const float> row_of(const Tensor& scores, size_t i) {
  const auto classes = static_cast<size_t>(scores.extents()[1]);
  return scores.data<float>().subspan(i * classes, classes);
}

Tensor as_logits(const Tensor& probabilities) {
  const auto from = probabilities.data<float>();
  std::vector<float> to(from.size());
  for (size_t i = 0; i < from.size(); ++i) to[i] = std::log(std::max(from[i], 1e-38F));
  return Tensor::of<float>(probabilities.extents(), to);
}

}  // namespace

struct ExitRunner::State {
  std::shared_ptr<const ExitNetwork> network;
  std::map<int64_t, std::vector<ExitSegment>> cut;    // by samples
  std::map<std::pair<size_t, int64_t>, Part> parts;   // by segment and samples
  std::map<int64_t, std::unique_ptr<Executor>> full;  // by samples
  std::vector<std::set<std::string>> needed_after;    // by segment
  bool full_gives_probabilities = false;
  std::vector<double>* part_ms = nullptr;  // while costs are measured

  Status cut_for(int64_t rows);
  Result<Part*> part(size_t k, int64_t rows, const TaskContext& context);
  Result<Executor*> full_for(int64_t rows, const TaskContext& context);
  Result<std::vector<Tensor>> enter_piece(size_t k, const NamedTensors& values, int64_t rows,
                                          const TaskContext& context);
  Result<Tensor> enter(size_t k, Travellers& on, const TaskContext& context);
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
  made.enters = segment.enters;
  KASURI_TRY_IN(made.executor, prepare_graph(segment.graph, network->request(), context),
                fmt::format("planning the part before exit '{}'", segment.head));
  return &parts.emplace(std::pair(k, rows), std::move(made)).first->second;
}

Result<Executor*> ExitRunner::State::full_for(int64_t rows, const TaskContext& context) {
  const auto found = full.find(rows);
  if (found != full.end()) return found->second.get();
  KASURI_RETURN_IF_ERROR(cut_for(rows));
  KASURI_TRY(const Graph graph, network->full(rows));
  KASURI_TRY(auto executor, prepare_graph(graph, network->request(), context));
  return full.emplace(rows, std::move(executor)).first->second.get();
}

/// Runs part k for some of those on their way; one tensor per output.
Result<std::vector<Tensor>> ExitRunner::State::enter_piece(size_t k, const NamedTensors& values,
                                                           int64_t rows,
                                                           const TaskContext& context) {
  const int64_t fixed = network->fixed_batch(), planned = fixed > 0 ? fixed : rows;
  KASURI_TRY(Part* const p, part(k, planned, context));
  std::map<std::string, RuntimeValue> feeds;
  for (const std::string& name : p->enters) feeds[name] = padded(values.at(name), planned);
  KASURI_TRY(std::vector<RuntimeValue> made, p->executor->run(feeds, context));
  std::vector<Tensor> outputs;
  for (const RuntimeValue& value : made)
    outputs.push_back(planned == rows ? value.tensor() : slice_rows(value.tensor(), 0, rows));
  return outputs;
}

/// Runs part k for those on their way; its crossing values join theirs. Returns the class scores.
Result<Tensor> ExitRunner::State::enter(size_t k, Travellers& on, const TaskContext& context) {
  const auto rows = static_cast<int64_t>(on.samples.size());
  const int64_t whole = network->fixed_batch() > 0 ? rows : piece_of(rows);
  std::vector<std::vector<Tensor>> pieces;  // by output
  for (int64_t at = 0; at < rows;) {
    const int64_t piece = whole == rows ? rows : piece_of(rows - at);
    NamedTensors some;
    if (piece != rows)
      for (const auto& [name, tensor] : on.values) some[name] = slice_rows(tensor, at, piece);
    KASURI_TRY(std::vector<Tensor> made,
               enter_piece(k, piece == rows ? on.values : some, piece, context));
    pieces.resize(made.size());
    for (size_t i = 0; i < made.size(); ++i) pieces[i].push_back(std::move(made[i]));
    at += piece;
  }
  const ExitSegment& segment = cut.begin()->second[k];
  for (size_t i = 1; i < pieces.size(); ++i)
    on.values[segment.leaves[i]] = pieces[i].size() == 1 ? pieces[i][0] : join_rows(pieces[i]);
  const Tensor scores = pieces[0].size() == 1 ? pieces[0][0] : join_rows(pieces[0]);
  return segment.gives_probabilities ? as_logits(scores) : scores;
}

namespace {

/// Those who stay, in order; values nobody needs any more are dropped.
void keep_only(Travellers& on, const std::vector<int64_t>& staying,
               const std::set<std::string>& needed) {
  std::erase_if(on.values, [&](const auto& item) { return !needed.contains(item.first); });
  if (staying.size() == on.samples.size()) return;
  for (auto& [name, tensor] : on.values) tensor = take_rows(tensor, staying);
  on.before = take_rows(on.before, staying);
  for (size_t i = 0; i < staying.size(); ++i)
    on.samples[i] = on.samples[static_cast<size_t>(staying[i])];
  on.samples.resize(staying.size());
}

}  // namespace

Result<ExitAnswer> ExitRunner::State::travel(const NamedTensors& inputs, const ExitPolicy& policy,
                                             std::vector<Tensor>* all, const TaskContext& context) {
  Travellers on;
  on.values = inputs;
  on.samples.resize(static_cast<size_t>(inputs.begin()->second.extents()[0]));
  std::iota(on.samples.begin(), on.samples.end(), 0);
  const size_t count = on.samples.size();
  ExitAnswer answer;
  answer.exits.assign(count, 0);
  std::vector<float> kept;
  size_t classes = 0;
  const size_t last = policy.thresholds.size();
  for (size_t k = 0; k <= last && !on.samples.empty(); ++k) {
    const Stopwatch watch;
    KASURI_TRY(const Tensor scores, enter(k, on, context));
    classes = static_cast<size_t>(scores.extents()[1]);
    if (all != nullptr) all->push_back(scores);
    if (k == 0 && k < last) kept.resize(count * classes);
    std::vector<int64_t> staying;
    for (size_t i = 0; i < on.samples.size(); ++i) {
      const auto row = row_of(scores, i);
      const auto before = on.before.defined() ? row_of(on.before, i) : std::span<const float>();
      const bool leaves =
          k == last || (policy.thresholds[k] > kNeverLeave &&
                        uncertainty_of(policy.gate, row, before) <= policy.thresholds[k]);
      if (!leaves) {
        staying.push_back(static_cast<int64_t>(i));
        continue;
      }
      const auto sample = static_cast<size_t>(on.samples[i]);
      answer.exits[sample] = k;
      std::memcpy(kept.data() + sample * classes, row.data(), classes * sizeof(float));
    }
    on.before = scores;
    keep_only(on, staying, needed_after[k]);
    if (part_ms != nullptr) part_ms->push_back(watch.milliseconds());
  }
  answer.scores =
      Tensor::of<float>({static_cast<int64_t>(count), static_cast<int64_t>(classes)}, kept);
  return answer;
}

ExitRunner::ExitRunner(std::shared_ptr<const ExitNetwork> network)
    : state_(std::make_unique<State>()) {
  state_->network = std::move(network);
}
ExitRunner::~ExitRunner() = default;

size_t ExitRunner::exits() const { return state_->needed_after.size(); }

Status ExitRunner::prepare(int64_t batch, const TaskContext& context) {
  const int64_t fixed = state_->network->fixed_batch();
  for (int64_t rows = fixed > 0 ? fixed : 1; rows <= std::max(fixed, batch); rows *= 2) {
    KASURI_RETURN_IF_ERROR(context.cancel.check());
    KASURI_RETURN_IF_ERROR(state_->cut_for(rows));
    for (size_t k = 0; k < exits(); ++k)
      if (const auto made = state_->part(k, rows, context); !made.ok()) return made.error();
    if (fixed > 0) break;
  }
  const auto made = state_->full_for(fixed > 0 ? fixed : batch, context);
  if (!made.ok()) return made.error();
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
  KASURI_TRY(const std::vector<RuntimeValue> made, executor->run(feeds, context));
  Tensor scores = made[0].tensor();
  if (planned != rows) scores = slice_rows(scores, 0, rows);
  if (state_->full_gives_probabilities) scores = as_logits(scores);
  return ExitAnswer{scores, std::vector<size_t>(static_cast<size_t>(rows), exits() - 1)};
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
