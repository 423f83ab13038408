#include "tests/support/random_nest.h"

#include <algorithm>
#include <numeric>

#include "tests/support/run_nest.h"

namespace kasuri::loops {
namespace {

class NestGenerator {
 public:
  explicit NestGenerator(uint64_t seed) : random_(seed), b_("random" + std::to_string(seed)) {}

  Nest run() {
    const int64_t inputs = draw(random_, 1, 2);
    Extents first(draw(random_, 1, 4));
    for (int64_t& extent : first) extent = draw_extent();
    for (int64_t k = 0; k < inputs; ++k) tensors_.push_back(b_.input(first));
    const int64_t steps = draw(random_, 2, 8);
    for (int64_t k = 0; k < steps; ++k) step();
    finish();
    return b_.nest();
  }

 private:
  int64_t draw_extent() {
    const int64_t n = draw(random_, 0, 40);
    return n == 0 ? 0 : n < 6 ? 1 : draw(random_, 2, 7);
  }

  int pick() {
    const auto last = static_cast<int64_t>(tensors_.size()) - 1;
    return tensors_[draw(random_, std::max<int64_t>(0, last - 2), last)];
  }

  int fresh(const Extents& extents) {
    const int64_t n = draw(random_, 0, 9);
    const int t = n == 0   ? b_.output(extents)
                  : n == 1 ? b_.local(extents, DataType::kFloat16)
                           : b_.local(extents);
    tensors_.push_back(t);
    return t;
  }

  void step() {
    const int x = pick();
    const Extents e = b_.extents(x);
    switch (draw(random_, 0, 13)) {
      case 0:
      case 1:
        return unary_map(x);
      case 2:
      case 3:
        return binary_map(x);
      case 4:
      case 5:
        return normalise(x);
      case 6:
        return transposed(x);
      case 7:
        return reshaped(x);
      case 8:
        return sliced(x);
      case 9:
        return padded(x);
      case 10:
        return concatenated(x);
      case 11:
        return contracted(x);
      case 12:
        return scanned(x);
      default:
        return gathered(x);
    }
  }

  std::vector<Index> here(int x) { return identity(static_cast<int>(b_.extents(x).size())); }

  void unary_map(int x) {
    const UnaryOp op = std::vector<UnaryOp>{UnaryOp::kNeg, UnaryOp::kAbs, UnaryOp::kTanh,
                                            UnaryOp::kSigmoid}[draw(random_, 0, 3)];
    const Scalar value = unary(op, b_.here(x));
    b_.map(fresh(b_.extents(x)), value);
  }

  /// x op y where y has the same extents, or is x itself, or is x at its first row.
  void binary_map(int x) {
    const Extents e = b_.extents(x);
    std::vector<int> same;
    for (const int t : tensors_)
      if (b_.extents(t) == e) same.push_back(t);
    const int y = same[draw(random_, 0, static_cast<int64_t>(same.size()) - 1)];
    const BinaryOp op = std::vector<BinaryOp>{BinaryOp::kAdd, BinaryOp::kSub, BinaryOp::kMul,
                                              BinaryOp::kMax}[draw(random_, 0, 3)];
    std::vector<Index> at = here(y);
    if (!e.empty() && draw(random_, 0, 3) == 0)
      at[draw(random_, 0, static_cast<int64_t>(e.size()) - 1)] = constant(0);
    const Scalar value = binary(op, b_.here(x), b_.at(y, at));
    b_.map(fresh(e), value);
  }

  /// A reduction over the last axes (of a random order of axes) and a map that reads it back.
  void normalise(int x) {
    const Extents e = b_.extents(x);
    const auto rank = static_cast<int>(e.size());
    if (rank == 0) return;
    std::vector<int> order(rank);
    std::iota(order.begin(), order.end(), 0);
    if (draw(random_, 0, 2) == 0) std::shuffle(order.begin(), order.end(), random_);
    const int reduced = static_cast<int>(draw(random_, 1, rank));
    std::vector<Index> at(rank), to, back;
    Extents domain, kept;
    for (int k = 0; k < rank; ++k) {
      at[order[k]] = variable(k);
      domain.push_back(e[order[k]]);
      if (k >= rank - reduced) continue;
      kept.push_back(e[order[k]]);
      to.push_back(variable(k));
      back.push_back(variable(order[k]));
    }
    const ReduceOp op = std::vector<ReduceOp>{ReduceOp::kSum, ReduceOp::kMax, ReduceOp::kMin,
                                              ReduceOp::kProd}[draw(random_, 0, 3)];
    const int r = fresh(kept);
    b_.reduce(r, domain, reduced, op, b_.at(x, at), to);
    const Scalar value = binary(BinaryOp::kSub, b_.here(x), b_.at(r, back));
    b_.map(fresh(e), value);
  }

  void transposed(int x) {
    const Extents e = b_.extents(x);
    std::vector<int> order(e.size());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random_);
    Extents to(e.size());
    std::vector<Index> at(e.size());
    for (size_t k = 0; k < e.size(); ++k) {
      to[k] = e[order[k]];
      at[order[k]] = variable(static_cast<int>(k));
    }
    const Scalar value = b_.at(x, at);
    b_.map(fresh(to), value);
  }

  void reshaped(int x) {
    const Extents e = b_.extents(x);
    int64_t count = count_of(e);
    if (count == 0) return;
    Extents to;
    for (int64_t p = 2; count > 1; ++p)
      while (count % p == 0) {
        if (to.empty() || draw(random_, 0, 1) == 0)
          to.push_back(p);
        else
          to.back() *= p;
        count /= p;
      }
    std::shuffle(to.begin(), to.end(), random_);
    Index whole = constant(0);
    for (size_t k = 0; k < to.size(); ++k)
      whole = add(mul(whole, to[k]), variable(static_cast<int>(k)));
    std::vector<Index> at(e.size());
    int64_t weight = 1;
    for (size_t k = e.size(); k-- > 0; weight *= e[k]) at[k] = mod(floor_div(whole, weight), e[k]);
    const Scalar value = b_.at(x, at);
    b_.map(fresh(to), value);
  }

  void sliced(int x) {
    Extents e = b_.extents(x);
    std::vector<Index> at = here(x);
    if (e.empty()) return;
    const auto axis = static_cast<size_t>(draw(random_, 0, static_cast<int64_t>(e.size()) - 1));
    if (draw(random_, 0, 1) == 0) {
      at[axis] = add(mul(at[axis], -1), e[axis] - 1);
    } else {
      const int64_t start = draw(random_, 0, std::max<int64_t>(0, e[axis] - 1));
      e[axis] = std::max<int64_t>(0, (e[axis] - start + 1) / 2);
      at[axis] = add(mul(at[axis], 2), start);
      if (e[axis] > 0 && start + 2 * (e[axis] - 1) >= b_.extents(x)[axis]) --e[axis];
    }
    const Scalar value = b_.at(x, at);
    b_.map(fresh(e), value);
  }

  void padded(int x) {
    Extents e = b_.extents(x);
    std::vector<Index> at = here(x);
    if (e.empty()) return;
    const auto axis = static_cast<size_t>(draw(random_, 0, static_cast<int64_t>(e.size()) - 1));
    at[axis] = add(at[axis], -1);
    const Scalar value = index_value(at[axis]);
    const Scalar inside = binary(
        BinaryOp::kAnd, binary(BinaryOp::kGreaterEqual, value, literal_int(DataType::kInt64, 0)),
        binary(BinaryOp::kLess, value, literal_int(DataType::kInt64, e[axis])));
    e[axis] += 2;
    const Scalar body = select(inside, b_.at(x, at), literal(DataType::kFloat, 0.5));
    b_.map(fresh(e), body);
  }

  void concatenated(int x) {
    const Extents e = b_.extents(x);
    if (e.empty()) return;
    const int y = pick();
    if (b_.extents(y).size() != e.size()) return;
    const auto axis = static_cast<size_t>(draw(random_, 0, static_cast<int64_t>(e.size()) - 1));
    Extents to = b_.extents(y);
    for (size_t k = 0; k < e.size(); ++k)
      if (k != axis && to[k] != e[k]) return;
    const int64_t shift = e[axis];
    to[axis] += shift;
    const Extents second = b_.extents(y);
    const Scalar left = b_.here(x), right = b_.here(y);
    const int z = fresh(to);
    b_.map(z, e, left, here(x));
    std::vector<Index> at = here(y);
    at[axis] = add(at[axis], shift);
    b_.map(z, second, right, at);
  }

  /// x (.., m, k) times its own transpose.
  void contracted(int x) {
    const Extents e = b_.extents(x);
    const auto rank = static_cast<int>(e.size());
    if (rank < 2) return;
    Stage s;
    s.kind = StageKind::kContraction;
    s.domain = Extents(e.begin(), e.end() - 1);
    s.domain.push_back(e[rank - 2]);
    s.domain.push_back(e[rank - 1]);
    s.reduce_rank = 1;
    std::vector<Index> a = identity(rank), b = identity(rank);
    a[rank - 1] = variable(rank);
    b[rank - 2] = variable(rank - 1);
    b[rank - 1] = variable(rank);
    s.a = b_.at(x, a);
    s.b = b_.at(x, b);
    s.epilogue = load(kAccumulator, DataType::kFloat, {});
    s.out = fresh(Extents(s.domain.begin(), s.domain.end() - 1));
    s.out_index = identity(rank);
    b_.nest().stages.push_back(s);
  }

  void scanned(int x) {
    const Extents e = b_.extents(x);
    if (e.empty()) return;
    const Scalar value = b_.here(x);
    Stage& s = b_.map(fresh(e), e, value, here(x));
    s.kind = StageKind::kScan;
    s.op = ReduceOp::kSum;
    s.exclusive = draw(random_, 0, 1) == 0;
    s.reverse = draw(random_, 0, 1) == 0;
  }

  void gathered(int x) {
    Extents e = b_.extents(x);
    if (e.empty() || e[0] == 0) return;
    const int indices = b_.input({3}, DataType::kInt32);
    std::vector<Index> at = here(x);
    at[0] = indirect(indices, {variable(0)}, e[0], OutOfRange::kClamp);
    e[0] = 3;
    const Scalar value = b_.at(x, at);
    b_.map(fresh(e), value);
  }

  /// What nobody reads becomes an output.
  void finish() {
    Nest& nest = b_.nest();
    std::vector<bool> read(nest.buffers.size(), false);
    for (const Stage& stage : nest.stages)
      for_each_load(stage, [&](int buffer, const std::vector<Index>&) { read[buffer] = true; });
    for (size_t k = 0; k < read.size(); ++k)
      if (!read[k] && nest.buffers[k].role == BufferRole::kLocal)
        nest.buffers[k].role = BufferRole::kOutput;
  }

  Random random_;
  NestBuilder b_;
  std::vector<int> tensors_;
};

}  // namespace

Nest random_nest(uint64_t seed) { return NestGenerator(seed).run(); }

}  // namespace kasuri::loops
