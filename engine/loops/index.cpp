#include "engine/loops/index.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "engine/base/check.h"

namespace kasuri::loops {
namespace {

Index make(IndexKind kind, int64_t value, std::vector<Index> args) {
  return std::make_shared<const IndexNode>(IndexNode{kind, value, std::move(args)});
}

int64_t wrapping_add(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

int64_t wrapping_mul(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}

class Substitution {
 public:
  explicit Substitution(const std::vector<Index>& replacements) : replacements_(replacements) {}

  Index apply(const Index& a) {
    if (a->kind == IndexKind::kConstant) return a;
    if (a->kind == IndexKind::kVariable) {
      KASURI_CHECK(static_cast<size_t>(a->value) < replacements_.size(),
                   "an index names a variable without a replacement");
      return replacements_[a->value];
    }
    const auto known = done_.find(a.get());
    if (known != done_.end()) return known->second;
    std::vector<Index> args;
    for (const Index& arg : a->args) args.push_back(apply(arg));
    const Index result = rebuild(*a, std::move(args));
    done_.emplace(a.get(), result);
    return result;
  }

 private:
  const std::vector<Index>& replacements_;
  std::unordered_map<const IndexNode*, Index> done_;
};

}  // namespace

int64_t floor_quotient(int64_t a, int64_t b) {
  if (b == 0) return 0;
  const int64_t q = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

int64_t floor_remainder(int64_t a, int64_t b) { return b == 0 ? 0 : a - floor_quotient(a, b) * b; }

Index constant(int64_t value) { return make(IndexKind::kConstant, value, {}); }

Index variable(int number) {
  KASURI_CHECK(number >= 0, "loop variables count from 0");
  return make(IndexKind::kVariable, number, {});
}

Index add(Index a, Index b) {
  if (a->kind == IndexKind::kConstant) std::swap(a, b);
  if (b->kind == IndexKind::kConstant) return add(std::move(a), b->value);
  if (a->kind == IndexKind::kAdd && a->args[1]->kind == IndexKind::kConstant)
    return add(add(a->args[0], std::move(b)), a->args[1]->value);
  if (b->kind == IndexKind::kAdd && b->args[1]->kind == IndexKind::kConstant)
    return add(add(std::move(a), b->args[0]), b->args[1]->value);
  return make(IndexKind::kAdd, 0, {std::move(a), std::move(b)});
}

Index add(Index a, int64_t b) {
  if (a->kind == IndexKind::kConstant) return constant(wrapping_add(a->value, b));
  if (b == 0) return a;
  if (a->kind == IndexKind::kAdd && a->args[1]->kind == IndexKind::kConstant)
    return add(a->args[0], wrapping_add(a->args[1]->value, b));
  return make(IndexKind::kAdd, 0, {std::move(a), constant(b)});
}

Index mul(Index a, int64_t b) {
  if (a->kind == IndexKind::kConstant) return constant(wrapping_mul(a->value, b));
  if (b == 0) return constant(0);
  if (b == 1) return a;
  if (a->kind == IndexKind::kMul) return mul(a->args[0], wrapping_mul(a->value, b));
  return make(IndexKind::kMul, b, {std::move(a)});
}

Index floor_div(Index a, int64_t b) {
  KASURI_CHECK(b >= 0, "floor_div by a negative number");
  if (b == 0) return constant(0);
  if (b == 1) return a;
  if (a->kind == IndexKind::kConstant) return constant(floor_quotient(a->value, b));
  int64_t both = 0;
  if (a->kind == IndexKind::kFloorDiv && !__builtin_mul_overflow(a->value, b, &both))
    return floor_div(a->args[0], both);
  return make(IndexKind::kFloorDiv, b, {std::move(a)});
}

Index mod(Index a, int64_t b) {
  KASURI_CHECK(b >= 0, "mod by a negative number");
  if (b <= 1) return constant(0);
  if (a->kind == IndexKind::kConstant) return constant(floor_remainder(a->value, b));
  if (a->kind == IndexKind::kMod && a->value % b == 0) return mod(a->args[0], b);
  if (a->kind == IndexKind::kMul && a->value % b == 0) return constant(0);
  return make(IndexKind::kMod, b, {std::move(a)});
}

Index min(Index a, Index b) {
  if (a->kind == IndexKind::kConstant && b->kind == IndexKind::kConstant)
    return constant(std::min(a->value, b->value));
  if (equal(a, b)) return a;
  return make(IndexKind::kMin, 0, {std::move(a), std::move(b)});
}

Index max(Index a, Index b) {
  if (a->kind == IndexKind::kConstant && b->kind == IndexKind::kConstant)
    return constant(std::max(a->value, b->value));
  if (equal(a, b)) return a;
  return make(IndexKind::kMax, 0, {std::move(a), std::move(b)});
}

Index indirect(int buffer, std::vector<Index> at, int64_t limit, OutOfRange policy) {
  IndexNode node{IndexKind::kIndirect, 0, std::move(at)};
  node.buffer = buffer;
  node.limit = limit;
  node.policy = policy;
  return std::make_shared<const IndexNode>(std::move(node));
}

Index rebuild(const IndexNode& like, std::vector<Index> args) {
  switch (like.kind) {
    case IndexKind::kConstant:
      return constant(like.value);
    case IndexKind::kVariable:
      return variable(static_cast<int>(like.value));
    case IndexKind::kAdd:
      return add(std::move(args[0]), std::move(args[1]));
    case IndexKind::kMul:
      return mul(std::move(args[0]), like.value);
    case IndexKind::kFloorDiv:
      return floor_div(std::move(args[0]), like.value);
    case IndexKind::kMod:
      return mod(std::move(args[0]), like.value);
    case IndexKind::kMin:
      return min(std::move(args[0]), std::move(args[1]));
    case IndexKind::kMax:
      return max(std::move(args[0]), std::move(args[1]));
    case IndexKind::kIndirect:
      return indirect(like.buffer, std::move(args), like.limit, like.policy);
  }
  fail("unknown kind of index");
}

bool equal(const Index& a, const Index& b) {
  if (a == b) return true;
  if (a->kind != b->kind || a->value != b->value || a->args.size() != b->args.size() ||
      a->buffer != b->buffer || a->limit != b->limit || a->policy != b->policy)
    return false;
  return std::equal(a->args.begin(), a->args.end(), b->args.begin(),
                    [](const Index& x, const Index& y) { return equal(x, y); });
}

std::optional<int64_t> as_constant(const Index& a) {
  if (a->kind != IndexKind::kConstant) return std::nullopt;
  return a->value;
}

Index substitute(const Index& a, const std::vector<Index>& replacements) {
  return Substitution(replacements).apply(a);
}

bool depends_on(const Index& a, int number) {
  if (a->kind == IndexKind::kVariable) return a->value == number;
  return std::any_of(a->args.begin(), a->args.end(),
                     [&](const Index& arg) { return depends_on(arg, number); });
}

bool has_indirect(const Index& a) {
  return a->kind == IndexKind::kIndirect ||
         std::any_of(a->args.begin(), a->args.end(), has_indirect);
}

std::optional<int64_t> stride_of(const Index& a, int number) {
  switch (a->kind) {
    case IndexKind::kConstant:
      return 0;
    case IndexKind::kVariable:
      return a->value == number ? 1 : 0;
    case IndexKind::kAdd: {
      const auto x = stride_of(a->args[0], number), y = stride_of(a->args[1], number);
      if (!x || !y) return std::nullopt;
      return *x + *y;
    }
    case IndexKind::kMul: {
      const auto x = stride_of(a->args[0], number);
      if (!x) return std::nullopt;
      return *x * a->value;
    }
    default:
      if (depends_on(a, number)) return std::nullopt;
      return 0;
  }
}

}  // namespace kasuri::loops
