#include "engine/loops/linear.h"

#include <algorithm>

namespace kasuri::loops {
namespace {

template <typename T>
int order(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

int64_t wrapping_add(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

int64_t wrapping_mul(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}

void collect(const Index& index, int64_t factor, Linear& into) {
  switch (index->kind) {
    case IndexKind::kConstant:
      into.constant = wrapping_add(into.constant, wrapping_mul(index->value, factor));
      return;
    case IndexKind::kAdd:
      for (const Index& arg : index->args) collect(arg, factor, into);
      return;
    case IndexKind::kMul:
      return collect(index->args[0], wrapping_mul(factor, index->value), into);
    default:
      into.add(index, factor);
  }
}

}  // namespace

int compare(const Index& a, const Index& b) {
  if (a == b) return 0;
  if (const int c = order(a->kind, b->kind)) return c;
  if (const int c = order(a->value, b->value)) return c;
  if (const int c = order(a->args.size(), b->args.size())) return c;
  for (size_t i = 0; i < a->args.size(); ++i)
    if (const int c = compare(a->args[i], b->args[i])) return c;
  if (const int c = order(a->buffer, b->buffer)) return c;
  if (const int c = order(a->limit, b->limit)) return c;
  return order(a->policy, b->policy);
}

void Linear::add(const Index& atom, int64_t coefficient) {
  if (coefficient == 0) return;
  const auto at =
      std::lower_bound(terms.begin(), terms.end(), atom,
                       [](const Term& t, const Index& i) { return compare(t.atom, i) < 0; });
  if (at == terms.end() || compare(at->atom, atom) != 0) {
    terms.insert(at, {atom, coefficient});
    return;
  }
  at->coefficient = wrapping_add(at->coefficient, coefficient);
  if (at->coefficient == 0) terms.erase(at);
}

void Linear::add(const Linear& other, int64_t factor) {
  constant = wrapping_add(constant, wrapping_mul(other.constant, factor));
  for (const Term& term : other.terms) add(term.atom, wrapping_mul(term.coefficient, factor));
}

Linear linear_of(const Index& index) {
  Linear linear;
  collect(index, 1, linear);
  return linear;
}

Index index_of(const Linear& linear) {
  Index sum = constant(0);
  for (const Linear::Term& term : linear.terms) sum = add(sum, mul(term.atom, term.coefficient));
  return add(sum, linear.constant);
}

bool equal(const Linear& a, const Linear& b) {
  return a.constant == b.constant &&
         std::equal(a.terms.begin(), a.terms.end(), b.terms.begin(), b.terms.end(),
                    [](const Linear::Term& x, const Linear::Term& y) {
                      return x.coefficient == y.coefficient && compare(x.atom, y.atom) == 0;
                    });
}

}  // namespace kasuri::loops
