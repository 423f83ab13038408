#include "engine/loops/scalar.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/base/check.h"
#include "engine/loops/arithmetic.h"

namespace kasuri::loops {
namespace {

Scalar make(ScalarNode node) { return std::make_shared<const ScalarNode>(std::move(node)); }

bool is_literal(const Scalar& a) { return a->kind == ScalarKind::kConstant; }
bool is_number(DataType type) { return is_float(type); }

Scalar literal_of(DataType type, Value value) {
  ScalarNode node{.kind = ScalarKind::kConstant, .type = type};
  if (is_integer(type))
    node.integer = value.integer;
  else
    node.number = type == DataType::kBool ? static_cast<double>(value.integer != 0) : value.number;
  return make(std::move(node));
}

Value value_of(const Scalar& a) {
  Value value{a->number, a->integer};
  if (a->type == DataType::kBool) value.integer = a->number != 0;
  return value;
}

bool is_one(const Scalar& a) {
  return is_literal(a) && (is_number(a->type) ? a->number == 1 : a->integer == 1);
}

bool is_integer_zero(const Scalar& a) {
  return is_literal(a) && is_integer(a->type) && a->integer == 0;
}

bool is_float_zero(const Scalar& a, bool negative) {
  return is_literal(a) && is_number(a->type) && a->number == 0 &&
         std::signbit(a->number) == negative;
}

/// What `a op b` is without computing it, or null. Exact for every value, NaN and -0 included.
Scalar identity_of(BinaryOp op, const Scalar& a, const Scalar& b) {
  switch (op) {
    case BinaryOp::kAdd:
      if (is_integer_zero(b) || is_float_zero(b, true)) return a;
      if (is_integer_zero(a) || is_float_zero(a, true)) return b;
      return nullptr;
    case BinaryOp::kSub:
      return is_integer_zero(b) || is_float_zero(b, false) ? a : nullptr;
    case BinaryOp::kMul:
      if (is_one(b) || is_integer_zero(a)) return a;
      return is_one(a) || is_integer_zero(b) ? b : nullptr;
    case BinaryOp::kDiv:
      return is_one(b) ? a : nullptr;
    case BinaryOp::kAnd:
      if (const auto known = as_bool(a)) return *known ? b : a;
      if (const auto known = as_bool(b)) return *known ? a : b;
      return equal(a, b) ? a : nullptr;
    case BinaryOp::kOr:
      if (const auto known = as_bool(a)) return *known ? a : b;
      if (const auto known = as_bool(b)) return *known ? b : a;
      return equal(a, b) ? a : nullptr;
    case BinaryOp::kMin:
    case BinaryOp::kMax:
      return equal(a, b) ? a : nullptr;
    default:
      return nullptr;
  }
}

/// Rebuilds a tree bottom up; shared subtrees are rebuilt once and stay shared.
template <typename Leaf>
class Rebuilder {
 public:
  explicit Rebuilder(Leaf leaf) : leaf_(std::move(leaf)) {}

  Scalar apply(const Scalar& a) {
    const auto known = done_.find(a.get());
    if (known != done_.end()) return known->second;
    Scalar result = leaf_(*a);
    if (!result) result = a->args.empty() ? a : over_args(*a, a);
    done_.emplace(a.get(), result);
    return result;
  }

 private:
  Scalar over_args(const ScalarNode& node, const Scalar& a) {
    std::vector<Scalar> args;
    for (const Scalar& arg : node.args) args.push_back(apply(arg));
    return args == node.args ? a : rebuild(node, std::move(args));
  }

  Leaf leaf_;
  std::unordered_map<const ScalarNode*, Scalar> done_;
};

/// Structural equality; pairs of shared subtrees found equal are not compared again.
class Comparison {
 public:
  bool equal(const Scalar& a, const Scalar& b) {
    if (a == b) return true;
    if (!a || !b || !same_node(*a, *b)) return false;
    if (!a->args.empty() && known_.count({a.get(), b.get()}) > 0) return true;
    for (size_t k = 0; k < a->args.size(); ++k)
      if (!equal(a->args[k], b->args[k])) return false;
    if (!a->args.empty()) known_.emplace(a.get(), b.get());
    return true;
  }

 private:
  static bool same_number(double x, double y) {
    return x == y ? std::signbit(x) == std::signbit(y) : std::isnan(x) && std::isnan(y);
  }

  static bool same_node(const ScalarNode& a, const ScalarNode& b) {
    return a.kind == b.kind && a.type == b.type && a.unary == b.unary && a.binary == b.binary &&
           a.buffer == b.buffer && a.integer == b.integer && same_number(a.number, b.number) &&
           a.args.size() == b.args.size() &&
           std::equal(a.index.begin(), a.index.end(), b.index.begin(), b.index.end(),
                      [](const Index& x, const Index& y) { return loops::equal(x, y); });
  }

  std::set<std::pair<const ScalarNode*, const ScalarNode*>> known_;
};

void visit_once(const Scalar& a, std::unordered_set<const ScalarNode*>& seen,
                const std::function<void(const ScalarNode&)>& visit) {
  if (!seen.insert(a.get()).second) return;
  for (const Scalar& arg : a->args) visit_once(arg, seen, visit);
  visit(*a);
}

}  // namespace

DataType compute_type(DataType stored) {
  return stored == DataType::kFloat16 || stored == DataType::kBfloat16 ? DataType::kFloat : stored;
}

std::optional<bool> as_bool(const Scalar& a) {
  if (!is_literal(a) || a->type != DataType::kBool) return std::nullopt;
  return a->number != 0;
}

Scalar load(int buffer, DataType type, std::vector<Index> index) {
  ScalarNode node{.kind = ScalarKind::kLoad, .type = type};
  node.buffer = buffer;
  node.index = std::move(index);
  return make(std::move(node));
}

Scalar literal(DataType type, double value) {
  if (is_integer(type)) return literal_int(type, static_cast<int64_t>(value));
  Value raw{value, value != 0};
  return literal_of(type, stored_as(type, raw));
}

Scalar literal_int(DataType type, int64_t value) {
  if (!is_integer(type)) return literal(type, static_cast<double>(value));
  return literal_of(type, stored_as(type, {0, value}));
}

Scalar unary(UnaryOp op, Scalar a) {
  const bool test = op == UnaryOp::kIsNaN || op == UnaryOp::kIsInf;
  const DataType type = test ? DataType::kBool : compute_type(a->type);
  if (is_literal(a)) return literal_of(type, apply(op, compute_type(a->type), value_of(a)));
  if (op == UnaryOp::kNot && a->kind == ScalarKind::kUnary && a->unary == op) return a->args[0];
  ScalarNode node{.kind = ScalarKind::kUnary, .type = type};
  node.unary = op;
  node.args = {std::move(a)};
  return make(std::move(node));
}

Scalar binary(BinaryOp op, Scalar a, Scalar b) {
  const DataType of_args = compute_type(a->type);
  KASURI_CHECK(of_args == compute_type(b->type), "a binary operation on different types");
  const DataType type = is_comparison(op) ? DataType::kBool : of_args;
  if (is_literal(a) && is_literal(b))
    return literal_of(type, apply(op, of_args, value_of(a), value_of(b)));
  if (Scalar same = identity_of(op, a, b)) return same;
  ScalarNode node{.kind = ScalarKind::kBinary, .type = type};
  node.binary = op;
  node.args = {std::move(a), std::move(b)};
  return make(std::move(node));
}

Scalar cast(Scalar a, DataType to) {
  if (a->type == to) return a;
  if (is_literal(a) && compute_type(to) == to)
    return literal_of(to, cast_value(value_of(a), a->type, to));
  ScalarNode node{.kind = ScalarKind::kCast, .type = to};
  node.args = {std::move(a)};
  return make(std::move(node));
}

Scalar select(Scalar predicate, Scalar yes, Scalar no) {
  KASURI_CHECK(predicate->type == DataType::kBool, "select needs a bool predicate");
  KASURI_CHECK(compute_type(yes->type) == compute_type(no->type), "select arms of different types");
  if (const auto known = as_bool(predicate)) return *known ? yes : no;
  if (equal(yes, no)) return yes;
  if (predicate->kind == ScalarKind::kUnary && predicate->unary == UnaryOp::kNot)
    return select(predicate->args[0], std::move(no), std::move(yes));
  ScalarNode node{.kind = ScalarKind::kSelect, .type = compute_type(yes->type)};
  node.args = {std::move(predicate), std::move(yes), std::move(no)};
  return make(std::move(node));
}

Scalar index_value(Index index) {
  if (const auto known = as_constant(index)) return literal_int(DataType::kInt64, *known);
  ScalarNode node{.kind = ScalarKind::kIndexValue, .type = DataType::kInt64};
  node.index = {std::move(index)};
  return make(std::move(node));
}

Scalar rebuild(const ScalarNode& like, std::vector<Scalar> args) {
  switch (like.kind) {
    case ScalarKind::kUnary:
      return unary(like.unary, std::move(args[0]));
    case ScalarKind::kBinary:
      return binary(like.binary, std::move(args[0]), std::move(args[1]));
    case ScalarKind::kCast:
      return cast(std::move(args[0]), like.type);
    case ScalarKind::kSelect:
      return select(std::move(args[0]), std::move(args[1]), std::move(args[2]));
    default:
      return make(like);
  }
}

bool equal(const Scalar& a, const Scalar& b) { return Comparison().equal(a, b); }

Scalar map_indices(const Scalar& a, const std::function<Index(const Index&)>& map) {
  Rebuilder rebuilder([&](const ScalarNode& node) -> Scalar {
    if (node.kind == ScalarKind::kIndexValue) return index_value(map(node.index[0]));
    if (node.kind != ScalarKind::kLoad) return nullptr;
    std::vector<Index> index;
    for (const Index& i : node.index) index.push_back(map(i));
    return load(node.buffer, node.type, std::move(index));
  });
  return rebuilder.apply(a);
}

Scalar substitute(const Scalar& a, const std::vector<Index>& replacements) {
  return map_indices(a, [&](const Index& index) { return substitute(index, replacements); });
}

void visit(const Scalar& a, const std::function<void(const ScalarNode&)>& visit) {
  std::unordered_set<const ScalarNode*> seen;
  visit_once(a, seen, visit);
}

Scalar replace_loads(const Scalar& a, const std::function<Scalar(const ScalarNode&)>& replace) {
  Rebuilder rebuilder([&](const ScalarNode& node) -> Scalar {
    return node.kind == ScalarKind::kLoad ? replace(node) : nullptr;
  });
  return rebuilder.apply(a);
}

}  // namespace kasuri::loops
