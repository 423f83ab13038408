#include "engine/loops/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "engine/loops/arithmetic.h"
#include "engine/loops/memory.h"
#include "engine/loops/nest.h"

namespace kasuri::loops {
namespace {

using Point = std::vector<int64_t>;

/// Evaluates expressions at one point. The first indirect index out of range is remembered.
class Evaluator {
 public:
  explicit Evaluator(Memory& memory) : memory_(memory) {}

  void move_to(const Point& point) {
    point_ = &point;
    known_.clear();
  }
  void set_accumulator(Value value) { accumulator_ = value; }
  const std::optional<Error>& error() const { return error_; }

  int64_t index(const Index& i) {
    switch (i->kind) {
      case IndexKind::kConstant:
        return i->value;
      case IndexKind::kVariable:
        return (*point_)[i->value];
      case IndexKind::kAdd:
        return index(i->args[0]) + index(i->args[1]);
      case IndexKind::kMul:
        return index(i->args[0]) * i->value;
      case IndexKind::kFloorDiv:
        return floor_quotient(index(i->args[0]), i->value);
      case IndexKind::kMod:
        return floor_remainder(index(i->args[0]), i->value);
      case IndexKind::kMin:
        return std::min(index(i->args[0]), index(i->args[1]));
      case IndexKind::kMax:
        return std::max(index(i->args[0]), index(i->args[1]));
      case IndexKind::kIndirect:
        return indirect(*i);
    }
    fail("unknown kind of index");
  }

  std::vector<int64_t> indices(const std::vector<Index>& list) {
    std::vector<int64_t> at;
    for (const Index& i : list) at.push_back(index(i));
    return at;
  }

  Value value(const Scalar& s) {
    const auto known = known_.find(s.get());
    if (known != known_.end()) return known->second;
    const Value result = compute(*s);
    known_.emplace(s.get(), result);
    return result;
  }

 private:
  int64_t indirect(const IndexNode& node) {
    const int64_t given = memory_.load(node.buffer, indices(node.args)).integer;
    const int64_t wrapped = given < 0 ? given + node.limit : given;
    if (wrapped >= 0 && wrapped < node.limit) return wrapped;
    if (node.policy == OutOfRange::kReport && !error_)
      error_ = Error(
          fmt::format("index {} is out of range for an axis of {} elements", given, node.limit));
    return std::clamp<int64_t>(wrapped, 0, std::max<int64_t>(node.limit - 1, 0));
  }

  Value compute(const ScalarNode& n) {
    switch (n.kind) {
      case ScalarKind::kLoad:
        return n.buffer == kAccumulator ? accumulator_ : memory_.load(n.buffer, indices(n.index));
      case ScalarKind::kConstant:
        return {n.number, n.type == DataType::kBool ? n.number != 0 : n.integer};
      case ScalarKind::kUnary:
        return apply(n.unary, compute_type(n.args[0]->type), value(n.args[0]));
      case ScalarKind::kBinary:
        return apply(n.binary, compute_type(n.args[0]->type), value(n.args[0]), value(n.args[1]));
      case ScalarKind::kCast:
        return cast_value(value(n.args[0]), n.args[0]->type, n.type);
      case ScalarKind::kSelect:
        return value(n.args[value(n.args[0]).integer != 0 ? 1 : 2]);
      case ScalarKind::kIndexValue:
        return {0, index(n.index[0])};
    }
    fail("unknown kind of scalar");
  }

  Memory& memory_;
  const Point* point_ = nullptr;
  Value accumulator_;
  std::unordered_map<const ScalarNode*, Value> known_;
  std::optional<Error> error_;
};

/// Calls visit on every point of variables [first, last) of the domain, in order; the others stay.
template <typename Visit>
void for_each_point(const Point& domain, size_t first, size_t last, Point& at, const Visit& visit) {
  if (first == last) return visit();
  for (at[first] = 0; at[first] < domain[first]; ++at[first])
    for_each_point(domain, first + 1, last, at, visit);
  at[first] = 0;
}

class StageRunner {
 public:
  StageRunner(const Nest& nest, const Stage& stage, Memory& memory, Evaluator& evaluator)
      : nest_(nest),
        stage_(stage),
        memory_(memory),
        evaluator_(evaluator),
        at_(stage.domain.size(), 0) {}

  /// Runs the points whose outer variables equal `outer`.
  void run(const Point& outer) {
    std::copy(outer.begin(), outer.end(), at_.begin());
    const size_t rank = stage_.domain.size();
    const size_t kept = rank - reduced();
    for_each_point(stage_.domain, outer.size(), kept, at_, [&] { run_kept(kept, rank); });
  }

 private:
  size_t reduced() const {
    if (stage_.kind == StageKind::kMap) return 0;
    return stage_.kind == StageKind::kReduce ? static_cast<size_t>(stage_.reduce_rank) : 1;
  }

  void run_kept(size_t kept, size_t rank) {
    switch (stage_.kind) {
      case StageKind::kMap:
        return map();
      case StageKind::kReduce:
        return stage_.op == ReduceOp::kWelford ? welford(kept, rank) : reduce(kept, rank);
      case StageKind::kScan:
        return scan(rank - 1);
      case StageKind::kContraction:
        return contract(rank - 1);
    }
  }

  Value at_point(const Scalar& s) {
    evaluator_.move_to(at_);
    return evaluator_.value(s);
  }

  void store(int buffer, Value value, DataType type) {
    evaluator_.move_to(at_);
    const std::vector<int64_t> to = evaluator_.indices(stage_.out_index);
    if (evaluator_.error()) return;
    memory_.store(buffer, to, cast_value(value, compute_type(type), nest_.buffers[buffer].dtype));
  }

  void map() {
    Value value = at_point(stage_.body);
    const DataType type = compute_type(stage_.body->type);
    if (stage_.combine == Stage::Combine::kNone) return store(stage_.out, value, type);
    const std::vector<int64_t> to = evaluator_.indices(stage_.out_index);
    if (evaluator_.error()) return;
    const DataType stored = compute_type(nest_.buffers[stage_.out].dtype);
    value = combined(stored, memory_.load(stage_.out, to), cast_value(value, type, stored));
    store(stage_.out, value, stored);
  }

  Value combined(DataType type, Value old, Value fresh) const {
    switch (stage_.combine) {
      case Stage::Combine::kAdd:
        return apply(BinaryOp::kAdd, type, old, fresh);
      case Stage::Combine::kMul:
        return apply(BinaryOp::kMul, type, old, fresh);
      case Stage::Combine::kMin:
        return apply(BinaryOp::kMin, type, old, fresh);
      case Stage::Combine::kMax:
        return apply(BinaryOp::kMax, type, old, fresh);
      case Stage::Combine::kNone:
        return fresh;
    }
    fail("unknown way to combine");
  }

  /// Sums and products of floats are carried in double.
  static DataType carried(ReduceOp op, DataType type) {
    const bool sums = op == ReduceOp::kSum || op == ReduceOp::kProd;
    return sums && is_float(type) ? DataType::kDouble : type;
  }

  static BinaryOp step_of(ReduceOp op) {
    switch (op) {
      case ReduceOp::kSum:
        return BinaryOp::kAdd;
      case ReduceOp::kProd:
        return BinaryOp::kMul;
      case ReduceOp::kMax:
        return BinaryOp::kMax;
      case ReduceOp::kMin:
        return BinaryOp::kMin;
      case ReduceOp::kAny:
        return BinaryOp::kOr;
      case ReduceOp::kAll:
        return BinaryOp::kAnd;
      default:
        fail("a reduction without a binary step");
    }
  }

  static Value start_of(ReduceOp op, DataType type) {
    const double infinity = std::numeric_limits<double>::infinity();
    switch (op) {
      case ReduceOp::kProd:
        return {1, 1};
      case ReduceOp::kAll:
        return {1, 1};
      case ReduceOp::kMax:
        return is_float(type) ? Value{-infinity, 0}
                              : cast_value({-infinity, 0}, DataType::kDouble, type);
      case ReduceOp::kMin:
        return is_float(type) ? Value{infinity, 0}
                              : cast_value({infinity, 0}, DataType::kDouble, type);
      default:
        return {0, 0};
    }
  }

  void reduce(size_t kept, size_t rank) {
    if (stage_.op == ReduceOp::kArgMax || stage_.op == ReduceOp::kArgMin)
      return arg_reduce(kept, rank);
    const DataType type = compute_type(stage_.body->type);
    const DataType wide = carried(stage_.op, type);
    Value total = start_of(stage_.op, wide);
    if (type == DataType::kBool && stage_.op == ReduceOp::kMax) total = {0, 0};
    for_each_point(stage_.domain, kept, rank, at_, [&] {
      const Value x = cast_value(at_point(stage_.body), type, wide);
      total = apply(step_of(stage_.op), wide, total, x);
    });
    store(stage_.out, total, wide);
  }

  /// The first index, in order, of the largest (smallest) element; the first NaN wins.
  void arg_reduce(size_t kept, size_t rank) {
    const DataType type = compute_type(stage_.body->type);
    const BinaryOp better = stage_.op == ReduceOp::kArgMax ? BinaryOp::kGreater : BinaryOp::kLess;
    Value best;
    int64_t winner = 0, number = 0;
    for_each_point(stage_.domain, kept, rank, at_, [&] {
      const Value x = at_point(stage_.body);
      const bool nan = is_float(type) && x.number != x.number && best.number == best.number;
      if (number == 0 || nan || apply(better, type, x, best).integer != 0) {
        best = x;
        winner = number;
      }
      ++number;
    });
    store(stage_.out, {0, winner}, DataType::kInt64);
  }

  void welford(size_t kept, size_t rank) {
    double mean = 0, squares = 0, count = 0;
    const DataType type = compute_type(stage_.body->type);
    for_each_point(stage_.domain, kept, rank, at_, [&] {
      const double x = cast_value(at_point(stage_.body), type, DataType::kDouble).number;
      count += 1;
      const double delta = x - mean;
      mean += delta / count;
      squares += delta * (x - mean);
    });
    store(stage_.out, {mean, 0}, DataType::kDouble);
    store(stage_.out2, {squares / count, 0}, DataType::kDouble);
  }

  void scan(size_t axis) {
    const DataType type = compute_type(stage_.body->type);
    const DataType wide = carried(stage_.op, type);
    Value total = start_of(stage_.op, wide);
    const int64_t extent = stage_.domain[axis];
    for (int64_t step = 0; step < extent; ++step) {
      at_[axis] = stage_.reverse ? extent - 1 - step : step;
      const Value before = total;
      const Value x = cast_value(at_point(stage_.body), type, wide);
      total = apply(step_of(stage_.op), wide, total, x);
      store(stage_.out, stage_.exclusive ? before : total, wide);
    }
    at_[axis] = 0;
  }

  void contract(size_t axis) {
    const DataType type = accumulator_type();
    const DataType wide = type == DataType::kFloat ? DataType::kDouble : type;
    Value total;
    for (at_[axis] = 0; at_[axis] < stage_.domain[axis]; ++at_[axis]) {
      const Value a = cast_value(at_point(stage_.a), compute_type(stage_.a->type), wide);
      const Value b = cast_value(evaluator_.value(stage_.b), compute_type(stage_.b->type), wide);
      total = apply(BinaryOp::kAdd, wide, total, apply(BinaryOp::kMul, wide, a, b));
    }
    at_[axis] = 0;
    const Value sum = cast_value(total, wide, type);
    if (!stage_.epilogue) return store(stage_.out, sum, type);
    evaluator_.set_accumulator(cast_value(sum, type, read_as(type)));
    store(stage_.out, at_point(stage_.epilogue), compute_type(stage_.epilogue->type));
  }

  DataType accumulator_type() const {
    switch (stage_.accumulate) {
      case Accumulate::kF32:
        return DataType::kFloat;
      case Accumulate::kF64:
        return DataType::kDouble;
      case Accumulate::kI32:
        return DataType::kInt32;
      case Accumulate::kI64:
        return DataType::kInt64;
    }
    fail("unknown accumulator type");
  }

  /// The type the epilogue reads the accumulator as.
  DataType read_as(DataType type) const {
    visit(stage_.epilogue, [&](const ScalarNode& node) {
      if (node.kind == ScalarKind::kLoad && node.buffer == kAccumulator) type = node.type;
    });
    return type;
  }

  const Nest& nest_;
  const Stage& stage_;
  Memory& memory_;
  Evaluator& evaluator_;
  Point at_;
};

}  // namespace

Status interpret(const Nest& nest, const std::vector<BufferBytes>& buffers) {
  KASURI_RETURN_IF_ERROR(verify(nest));
  if (nest.stages.empty()) return Done{};
  Memory memory(nest, buffers);
  Evaluator evaluator(memory);
  std::vector<StageRunner> runners;
  for (const Stage& stage : nest.stages) runners.emplace_back(nest, stage, memory, evaluator);
  const Point& domain = nest.stages[0].domain;
  Point outer(nest.outer_rank, 0);
  for_each_point(domain, 0, outer.size(), outer, [&] {
    for (StageRunner& runner : runners) {
      if (evaluator.error()) return;
      runner.run(outer);
    }
  });
  if (evaluator.error()) return *evaluator.error();
  return Done{};
}

}  // namespace kasuri::loops
