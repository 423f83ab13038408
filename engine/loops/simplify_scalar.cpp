#include <algorithm>
#include <map>
#include <optional>

#include "engine/loops/index_simplifier.h"
#include "engine/loops/simplify.h"

namespace kasuri::loops {
namespace {

struct ByStructure {
  bool operator()(const Index& a, const Index& b) const { return compare(a, b) < 0; }
};

/// What is known of sums of indices inside an arm of a select: sum without its constant -> range.
using Facts = std::map<Index, Interval, ByStructure>;

constexpr int64_t kFar = int64_t{1} << 62;

/// `sum + offset op 0`, the normal form of a comparison between indices.
struct Comparison {
  BinaryOp op;
  Index sum;
  int64_t offset;
};

BinaryOp opposite(BinaryOp op) {
  switch (op) {
    case BinaryOp::kLess:
      return BinaryOp::kGreaterEqual;
    case BinaryOp::kLessEqual:
      return BinaryOp::kGreater;
    case BinaryOp::kGreater:
      return BinaryOp::kLessEqual;
    case BinaryOp::kGreaterEqual:
      return BinaryOp::kLess;
    case BinaryOp::kEqual:
      return BinaryOp::kNotEqual;
    default:
      return BinaryOp::kEqual;
  }
}

/// Integers for which `x op 0` holds; the whole line where they are not an interval.
Interval solutions(BinaryOp op) {
  switch (op) {
    case BinaryOp::kLess:
      return {-kFar, -1};
    case BinaryOp::kLessEqual:
      return {-kFar, 0};
    case BinaryOp::kGreater:
      return {1, kFar};
    case BinaryOp::kGreaterEqual:
      return {0, kFar};
    case BinaryOp::kEqual:
      return {0, 0};
    default:
      return {-kFar, kFar};
  }
}

std::optional<bool> decide(BinaryOp op, Interval x) {
  const Interval yes = solutions(op);
  if (op == BinaryOp::kNotEqual) {
    const auto equal = decide(BinaryOp::kEqual, x);
    if (!equal) return std::nullopt;
    return !*equal;
  }
  if (x.low >= yes.low && x.high <= yes.high) return true;
  if (x.high < yes.low || x.low > yes.high) return false;
  return std::nullopt;
}

class ScalarSimplifier {
 public:
  explicit ScalarSimplifier(const std::vector<int64_t>& extents) : indices_(extents) {}

  Scalar apply(const Scalar& s) {
    Memo memo;
    return simplified(s, memo, {});
  }

 private:
  using Memo = std::map<const ScalarNode*, Scalar>;

  Scalar simplified(const Scalar& s, Memo& memo, const Facts& facts) {
    const auto known = memo.find(s.get());
    if (known != memo.end()) return known->second;
    Scalar result = rebuilt(s, memo, facts);
    if (result->kind == ScalarKind::kBinary) result = decided(result, facts);
    memo.emplace(s.get(), result);
    return result;
  }

  Scalar rebuilt(const Scalar& s, Memo& memo, const Facts& facts) {
    switch (s->kind) {
      case ScalarKind::kConstant:
        return s;
      case ScalarKind::kLoad:
        return simplified_load(s);
      case ScalarKind::kIndexValue:
        return index_value(indices_.apply(s->index[0]));
      case ScalarKind::kSelect:
        return simplified_select(s, memo, facts);
      case ScalarKind::kBinary:
        return simplified_binary(s, memo, facts);
      default: {
        std::vector<Scalar> args;
        for (const Scalar& arg : s->args) args.push_back(simplified(arg, memo, facts));
        return args == s->args ? s : rebuild(*s, std::move(args));
      }
    }
  }

  Scalar simplified_load(const Scalar& s) {
    std::vector<Index> index;
    bool same = true;
    for (const Index& i : s->index) {
      index.push_back(indices_.apply(i));
      same = same && equal(index.back(), i);
    }
    return same ? s : load(s->buffer, s->type, std::move(index));
  }

  /// The right side of `and` is asked only where the left one holds, so it may use that.
  Scalar simplified_binary(const Scalar& s, Memo& memo, const Facts& facts) {
    const Scalar a = simplified(s->args[0], memo, facts);
    Scalar b;
    Facts more = facts;
    if (s->binary == BinaryOp::kAnd && learn(a, true, more)) {
      Memo inner;
      b = simplified(s->args[1], inner, more);
    } else {
      b = simplified(s->args[1], memo, facts);
    }
    if (a == s->args[0] && b == s->args[1]) return s;
    if (Scalar sum = index_arithmetic(s->binary, a, b)) return sum;
    return binary(s->binary, a, b);
  }

  Scalar simplified_select(const Scalar& s, Memo& memo, const Facts& facts) {
    const Scalar predicate = simplified(s->args[0], memo, facts);
    if (const auto known = as_bool(predicate))
      return simplified(s->args[*known ? 1 : 2], memo, facts);
    const auto arm = [&](const Scalar& value, bool holds) {
      Facts more = facts;
      if (!learn(predicate, holds, more)) return simplified(value, memo, facts);
      Memo inner;
      return simplified(value, inner, more);
    };
    const Scalar yes = arm(s->args[1], true), no = arm(s->args[2], false);
    if (predicate == s->args[0] && yes == s->args[1] && no == s->args[2]) return s;
    return select(predicate, yes, no);
  }

  /// int64 arithmetic on index values is index arithmetic.
  Scalar index_arithmetic(BinaryOp op, const Scalar& a, const Scalar& b) {
    const auto x = as_index(a), y = as_index(b);
    if (!x || !y || (op != BinaryOp::kAdd && op != BinaryOp::kSub)) return nullptr;
    return index_value(indices_.apply(add(*x, mul(*y, op == BinaryOp::kAdd ? 1 : -1))));
  }

  static std::optional<Index> as_index(const Scalar& s) {
    if (s->type != DataType::kInt64) return std::nullopt;
    if (s->kind == ScalarKind::kIndexValue) return s->index[0];
    if (s->kind == ScalarKind::kConstant && std::abs(s->integer) < kFar)
      return constant(s->integer);
    return std::nullopt;
  }

  std::optional<Comparison> comparison_of(const ScalarNode& node) {
    if (node.kind != ScalarKind::kBinary || node.binary < BinaryOp::kLess ||
        node.binary > BinaryOp::kNotEqual)
      return std::nullopt;
    const auto a = as_index(node.args[0]), b = as_index(node.args[1]);
    if (!a || !b) return std::nullopt;
    Linear difference = indices_.linear(*a);
    difference.add(indices_.linear(*b), -1);
    Comparison c{node.binary, nullptr, difference.constant};
    difference.constant = 0;
    c.sum = index_of(difference);
    return c;
  }

  Scalar decided(const Scalar& s, const Facts& facts) {
    const auto c = comparison_of(*s);
    if (!c) return s;
    Interval range = interval_of(c->sum, indices_.extents());
    const auto shifted = [&](Interval r) {
      return Interval{r.low + c->offset, r.high + c->offset};
    };
    if (const auto fact = facts.find(c->sum); fact != facts.end())
      range = {std::max(range.low, fact->second.low), std::min(range.high, fact->second.high)};
    if (range.low > range.high) return s;
    const auto answer = decide(c->op, shifted(range));
    return answer ? literal(DataType::kBool, *answer ? 1 : 0) : s;
  }

  /// Adds what follows from `predicate` being `holds`; false if nothing does.
  bool learn(const Scalar& predicate, bool holds, Facts& facts) {
    const ScalarNode& node = *predicate;
    if (node.kind == ScalarKind::kUnary && node.unary == UnaryOp::kNot)
      return learn(node.args[0], !holds, facts);
    const bool both =
        node.kind == ScalarKind::kBinary && node.binary == (holds ? BinaryOp::kAnd : BinaryOp::kOr);
    if (both) {
      const bool first = learn(node.args[0], holds, facts);
      return learn(node.args[1], holds, facts) || first;
    }
    const auto c = comparison_of(node);
    if (!c) return false;
    const Interval now = solutions(holds ? c->op : opposite(c->op));
    if (now.low == -kFar && now.high == kFar) return false;
    Interval& fact = facts.try_emplace(c->sum, Interval{-kFar, kFar}).first->second;
    fact.low = std::max(fact.low, now.low == -kFar ? -kFar : now.low - c->offset);
    fact.high = std::min(fact.high, now.high == kFar ? kFar : now.high - c->offset);
    return true;
  }

  IndexSimplifier indices_;
};

}  // namespace

Scalar simplify(const Scalar& scalar, const std::vector<int64_t>& extents) {
  return ScalarSimplifier(extents).apply(scalar);
}

}  // namespace kasuri::loops
