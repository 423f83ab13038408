#include "profiling/dynamic/decode_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "profiling/clock.h"
#include "profiling/dynamic/decode_plan.h"

namespace kasuri::profiling {
namespace {

constexpr int kTimedRuns = 3;
constexpr int64_t kSlotStep = 64;  ///< Capacities are multiples of it.
/// Tokens at once that plans are made for; a pass of another size uses the next larger one. Few,
/// for the code and the memory of a plan that ran long ago are no longer in the processor's cache.
constexpr int64_t kSizes[] = {1, 3, 5, 9, 17, DecodeModel::kMostRows};

int64_t size_for(int64_t tokens) {
  return *std::lower_bound(std::begin(kSizes), std::end(kSizes) - 1, tokens);
}

int64_t rounded_up(int64_t tokens) { return (tokens + kSlotStep - 1) / kSlotStep * kSlotStep; }

/// The rows of passes in turn, as if it had been one.
LogitRows joined(const std::vector<LogitRows>& passes) {
  if (passes.size() == 1) return passes.front();
  std::vector<float> scores;
  int64_t count = 0;
  for (const LogitRows& rows : passes) {
    for (int64_t k = 0; k < rows.count(); ++k)
      scores.insert(scores.end(), rows.row(k).begin(), rows.row(k).end());
    count += rows.count();
  }
  const auto vocabulary = static_cast<int64_t>(passes.front().last().size());
  return {Tensor::of<float>({count, vocabulary}, scores), 0, count, vocabulary};
}

}  // namespace

struct DecodeModel::State {
  DecodeRequest request;
  std::shared_ptr<ExecutorSpace> space;
  DecodeFace face;
  std::vector<ValueType> cache_types;  // at one slot
  int64_t capacity = 0, length = 0;
  std::vector<KvCache> caches;
  std::vector<int64_t> text;  // without a cache: all tokens
  /// By capacity and tokens at once; those of other capacities keep their code, not their caches.
  std::map<std::pair<int64_t, int64_t>, std::unique_ptr<DecodePlan>> plans;
  std::map<int64_t, std::vector<KvCache>> idle;           // caches of other capacities
  std::map<std::pair<int64_t, int64_t>, double> pass_ms;  // the same keys
  int plans_made = 0;
  double planning_ms = 0;

  Result<DecodePlan*> plan_for(int64_t tokens, const TaskContext& task);
  Result<LogitRows> append_cached(std::span<const int64_t> tokens, const TaskContext& task);
  Result<LogitRows> append_whole(std::span<const int64_t> tokens, const TaskContext& task);
  /// Rather the plan that reads prompts than a new one for a rest of many lengths.
  int64_t made_size_for(int64_t tokens) const {
    const int64_t size = size_for(tokens);
    const bool reads = tokens > 2 && length + kMostRows <= capacity &&
                       !plans.contains({capacity, size}) && plans.contains({capacity, kMostRows});
    return reads ? kMostRows : size;
  }
  /// How many of so many tokens the next pass takes: the plan's rows have slots, those it pads too.
  int64_t pass_of(int64_t tokens) const {
    tokens = std::min(tokens, kMostRows);
    if (length + made_size_for(tokens) <= capacity) return tokens;
    return *(std::upper_bound(std::begin(kSizes), std::end(kSizes), tokens) - 1);
  }
  void make_caches();
};

DecodeModel::DecodeModel(std::unique_ptr<State> state) : state_(std::move(state)) {}
DecodeModel::~DecodeModel() = default;

const DecodeFace& DecodeModel::face() const { return state_->face; }
int64_t DecodeModel::length() const { return state_->length; }
int DecodeModel::plans_made() const { return state_->plans_made; }
double DecodeModel::planning_ms() const { return state_->planning_ms; }

Result<std::unique_ptr<DecodeModel>> DecodeModel::open(DecodeRequest request,
                                                       const TaskContext& task) {
  auto state = std::make_unique<State>();
  KASURI_TRY(const Graph graph, request.source.import({}, task));
  KASURI_TRY_IN(state->face, find_decode_face(graph, request.names),
                "reading " + request.source.path);
  if (request.source.rewrite) {
    KASURI_TRY(const Graph whole, DecodeSource{request.source.path}.import({}, task));
    KASURI_TRY(const DecodeFace face, find_decode_face(whole, request.names));
    for (const CachePair& pair : face.cache)
      if (!graph.find_value(pair.past)) state->face.cut_away.push_back(pair);
  }
  for (const CachePair& pair : state->face.cache)
    state->cache_types.push_back(pair.kept_type(graph.value(*graph.find_value(pair.past)).type));
  state->space = std::make_shared<ExecutorSpace>(request.plan.threads, request.plan.cpus);
  state->request = std::move(request);
  return std::unique_ptr<DecodeModel>(new DecodeModel(std::move(state)));
}

void DecodeModel::State::make_caches() {
  std::vector<KvCache>& kept = idle[capacity];
  if (kept.empty())
    for (size_t k = 0; k < cache_types.size(); ++k) {
      ValueType type = cache_types[k];
      const int axis = face.cache[k].kept_axis();
      (*type.shape)[axis] = Dim(capacity);
      kept.emplace_back(type, axis);
    }
  for (size_t k = 0; k < kept.size(); ++k)
    if (length > 0) kept[k].put(caches[k].tensor(), 0, length);
  caches = kept;
}

Status DecodeModel::reserve(int64_t tokens, const TaskContext&) {
  State& s = *state_;
  const int64_t wanted = rounded_up(std::max(tokens, s.length));
  if (wanted == s.capacity || (wanted < s.capacity && s.length > 0)) return ok_status();
  s.capacity = wanted;
  if (!s.face.cache.empty()) s.make_caches();
  return ok_status();
}

Result<DecodePlan*> DecodeModel::State::plan_for(int64_t tokens, const TaskContext& task) {
  std::unique_ptr<DecodePlan>& plan = plans[{capacity, tokens}];
  if (plan) return plan.get();
  const Stopwatch clock;
  KASURI_TRY(DecodeGraph graph, make_decode_graph(request.source, face, tokens, capacity, task));
  KASURI_TRY(plan, DecodePlan::make(std::move(graph), face, caches, request.recipe, request.plan,
                                    space, task));
  ++plans_made;
  planning_ms += clock.milliseconds();
  return plan.get();
}

Status DecodeModel::warm_up(std::span<const int64_t> sizes, const TaskContext& task) {
  State& s = *state_;
  const std::vector<int64_t> zeros(kMostRows, 0);
  if (!has_cache()) sizes = sizes.first(std::min<size_t>(1, sizes.size()));  // one plan for all
  for (int64_t size : sizes) {
    KASURI_CHECK(s.capacity > 0, "reserve() comes before warm_up()");
    const int64_t tokens = has_cache() ? size_for(size) : s.capacity;
    KASURI_TRY(DecodePlan* const plan, s.plan_for(tokens, task));
    const auto some = std::span(zeros).first(std::min<size_t>(size, zeros.size()));
    KASURI_TRY(const auto outputs, plan->run(some, 0, task));
    double& least = s.pass_ms[{s.capacity, tokens}];
    for (int run = least > 0 ? kTimedRuns : 0; run < kTimedRuns; ++run) {
      const Stopwatch clock;
      KASURI_TRY(const auto again, plan->run(some, 0, task));
      least = least > 0 ? std::min(least, clock.milliseconds()) : clock.milliseconds();
    }
    if (has_cache()) KASURI_RETURN_IF_ERROR(plan->fill_lengths(task));
  }
  return ok_status();
}

double DecodeModel::pass_ms(int64_t tokens) const {
  const int64_t size = has_cache() ? size_for(tokens) : state_->capacity;
  const auto found = state_->pass_ms.find({state_->capacity, size});
  return found == state_->pass_ms.end() ? 0 : found->second;
}

void DecodeModel::truncate(int64_t length) {
  KASURI_CHECK(length <= state_->length, "only tokens that are there can be forgotten");
  state_->length = length;
  state_->text.resize(std::min(state_->text.size(), static_cast<size_t>(length)));
}

Result<LogitRows> DecodeModel::State::append_cached(std::span<const int64_t> tokens,
                                                    const TaskContext& task) {
  std::vector<LogitRows> passes;
  for (size_t at = 0; at < tokens.size();) {
    const int64_t count = pass_of(static_cast<int64_t>(tokens.size() - at));
    const auto part = tokens.subspan(at, static_cast<size_t>(count));
    KASURI_TRY(DecodePlan* const plan, plan_for(made_size_for(count), task));
    KASURI_TRY(const auto outputs, plan->run(part, length, task));
    for (size_t k = 0; k < caches.size(); ++k)
      if (!plan->grows_in_place(k)) caches[k].put(outputs[k + 1].tensor(), length, count);
    passes.emplace_back(outputs[0].tensor(), 0, count, face.vocabulary);
    length += count;
    at += part.size();
  }
  return std::ssize(tokens) > kMostRows ? passes.back() : joined(passes);
}

Result<LogitRows> DecodeModel::State::append_whole(std::span<const int64_t> tokens,
                                                   const TaskContext& task) {
  text.insert(text.end(), tokens.begin(), tokens.end());
  KASURI_TRY(DecodePlan* const plan, plan_for(capacity, task));
  KASURI_TRY(const auto outputs, plan->run(text, 0, task));
  const auto count = std::min<int64_t>(kMostRows, static_cast<int64_t>(tokens.size()));
  length = static_cast<int64_t>(text.size());
  return LogitRows(outputs[0].tensor(), length - count, count, face.vocabulary);
}

Result<LogitRows> DecodeModel::append(std::span<const int64_t> tokens, const TaskContext& task) {
  State& s = *state_;
  KASURI_CHECK(!tokens.empty(), "append() takes a token");
  for (int64_t token : tokens)
    if (token < 0 || token >= s.face.vocabulary)
      return Error(
          fmt::format("token {} is outside the vocabulary of {}", token, s.face.vocabulary));
  const auto needed = s.length + static_cast<int64_t>(tokens.size());
  if (needed > s.capacity) KASURI_RETURN_IF_ERROR(reserve(needed, task));
  return has_cache() ? s.append_cached(tokens, task) : s.append_whole(tokens, task);
}

}  // namespace kasuri::profiling
