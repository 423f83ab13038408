#include "engine/loops/index_simplifier.h"

#include <algorithm>
#include <numeric>

namespace kasuri::loops {
namespace {

/// x = c*quotient + rest.
struct Split {
  Linear quotient, rest;
};

/// Whole terms: those of rest are not multiples of c; its constant is in [0, c).
Split split_by(const Linear& x, int64_t c) {
  Split s;
  for (const Linear::Term& term : x.terms) {
    if (term.coefficient % c == 0)
      s.quotient.add(term.atom, term.coefficient / c);
    else
      s.rest.add(term.atom, term.coefficient);
  }
  s.quotient.constant = floor_quotient(x.constant, c);
  s.rest.constant = floor_remainder(x.constant, c);
  return s;
}

bool is_single(const Linear& x, IndexKind kind) {
  return x.terms.size() == 1 && x.terms[0].coefficient == 1 && x.terms[0].atom->kind == kind;
}

/// a * b; 1 (which divides nothing here) if it does not fit.
int64_t product(int64_t a, int64_t b) {
  int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? 1 : result;
}

/// The one term that is a floor_div itself, not a multiple of one; null if there are several.
const Linear::Term* only_quotient(const Linear& x) {
  const Linear::Term* found = nullptr;
  for (const Linear::Term& term : x.terms) {
    if (term.atom->kind != IndexKind::kFloorDiv || term.coefficient != 1) continue;
    if (found) return nullptr;
    found = &term;
  }
  return found;
}

Linear of_atom(const Index& atom) {
  Linear x;
  x.add(atom, 1);
  return x;
}

}  // namespace

Linear IndexSimplifier::linear(const Index& index) {
  Linear sum;
  for (const Linear given = linear_of(index); const Linear::Term& term : given.terms)
    sum.add(atom(term.atom), term.coefficient);
  sum.constant += linear_of(index).constant;
  return recombined(std::move(sum));
}

Linear IndexSimplifier::atom(const Index& index) {
  const auto known = known_.find(index.get());
  if (known != known_.end()) return known->second;
  Linear result;
  switch (index->kind) {
    case IndexKind::kVariable:
      result = extents_.at(index->value) <= 1 ? Linear{} : of_atom(index);
      break;
    case IndexKind::kFloorDiv:
      result = divided(linear(index->args[0]), index->value);
      break;
    case IndexKind::kMod:
      result = remainder(linear(index->args[0]), index->value);
      break;
    case IndexKind::kMin:
    case IndexKind::kMax:
      result = extreme(index);
      break;
    default: {
      std::vector<Index> args;
      for (const Index& arg : index->args) args.push_back(apply(arg));
      result = of_atom(rebuild(*index, std::move(args)));
    }
  }
  kept_.push_back(index);
  known_.emplace(index.get(), result);
  return result;
}

Linear IndexSimplifier::extreme(const Index& index) {
  const Linear a = linear(index->args[0]), b = linear(index->args[1]);
  Linear difference = a;
  difference.add(b, -1);
  const Interval gap = range(recombined(difference));
  const bool is_min = index->kind == IndexKind::kMin;
  if (gap.high <= 0) return is_min ? a : b;
  if (gap.low >= 0) return is_min ? b : a;
  const Index x = index_of(a), y = index_of(b);
  return linear_of(is_min ? min(x, y) : max(x, y));
}

int64_t IndexSimplifier::radix_of(const Linear& x, int64_t c) const {
  std::vector<int64_t> candidates;
  for (const Linear::Term& term : x.terms) candidates.push_back(std::gcd(term.coefficient, c));
  std::sort(candidates.rbegin(), candidates.rend());
  for (const int64_t g : candidates) {
    if (g <= 1 || g == c) continue;
    const Interval low = range(split_by(x, g).rest);
    if (low.low >= 0 && low.high < g) return g;
  }
  return 1;
}

std::optional<int64_t> IndexSimplifier::block_of(const Linear& x, int64_t c) const {
  const Interval r = range(x);
  const int64_t block = floor_quotient(r.low, c);
  if (block != floor_quotient(r.high, c)) return std::nullopt;
  return block;
}

Linear IndexSimplifier::divided(Linear x, int64_t c) {
  if (c <= 1) return c == 1 ? x : Linear{};
  Split s = split_by(x, c);
  if (const auto block = block_of(s.rest, c)) {
    s.quotient.constant += *block;
    return s.quotient;
  }
  Linear result = s.quotient;
  if (const int64_t g = radix_of(s.rest, c); g > 1) {
    result.add(divided(split_by(s.rest, g).quotient, c / g));
    return result;
  }
  if (const Linear::Term* inner = only_quotient(s.rest)) {
    const int64_t d = inner->atom->value;
    Linear flat = linear_of(inner->atom->args[0]);
    flat.add(s.rest, d);
    flat.add(inner->atom, -d);
    result.add(divided(std::move(flat), product(d, c)));
    return result;
  }
  if (is_single(s.rest, IndexKind::kMod) && s.rest.constant == 0) {
    const Index& inner = s.rest.terms[0].atom;
    if (inner->value % c == 0) {
      result.add(remainder(divided(linear_of(inner->args[0]), c), inner->value / c));
      return result;
    }
  }
  result.add(floor_div(index_of(s.rest), c), 1);
  return result;
}

/// Terms of x that are multiples of a mod whose own multiples vanish modulo c lose the mod.
Linear IndexSimplifier::remainder(Linear x, int64_t c) {
  if (c <= 1) return {};
  bool changed = true;
  for (int round = 0; changed && round < 16; ++round) {
    changed = false;
    const Linear rest = split_by(x, c).rest;
    Linear opened;
    opened.constant = rest.constant;
    for (const Linear::Term& term : rest.terms) {
      const bool vanishes = term.atom->kind == IndexKind::kMod &&
                            product(term.coefficient, term.atom->value) % c == 0;
      if (!vanishes) {
        opened.add(term.atom, term.coefficient);
        continue;
      }
      opened.add(linear_of(term.atom->args[0]), term.coefficient);
      changed = true;
    }
    if (block_of(rest, c)) changed = false;
    x = changed ? recombined(std::move(opened)) : rest;
  }
  return remainder_of_rest(split_by(x, c).rest, c);
}

Linear IndexSimplifier::remainder_of_rest(Linear x, int64_t c) {
  if (const auto block = block_of(x, c)) {
    x.constant -= *block * c;
    return x;
  }
  if (const int64_t g = radix_of(x, c); g > 1) {
    Split s = split_by(x, g);
    Linear result = s.rest;
    result.add(remainder(std::move(s.quotient), c / g), g);
    return recombined(std::move(result));
  }
  return of_atom(mod(index_of(x), c));
}

/// x with the pair of terms `low` = k*(y mod c) and, if given, `high` = k*c*(q mod d) written as
/// one.
Linear IndexSimplifier::with_pair_joined(const Linear& x, const Linear::Term& low,
                                         const Linear::Term* high) {
  const int64_t k = low.coefficient, c = low.atom->value;
  const Linear y = linear_of(low.atom->args[0]);
  const Linear quotient = divided(y, c);
  Linear joined = x;
  joined.add(low.atom, -k);
  if (!high) {
    joined.add(y, k);
    joined.add(quotient, -k * c);
    return joined;
  }
  Linear whole = y;
  whole.add(linear_of(high->atom->args[0]), c);
  whole.add(quotient, -c);
  joined.add(high->atom, -high->coefficient);
  joined.add(remainder(std::move(whole), c * high->atom->value), k);
  return joined;
}

bool IndexSimplifier::recombine_once(Linear& x) {
  const int now = division_count(index_of(x));
  const auto improve = [&](Linear joined) {
    if (division_count(index_of(joined)) >= now) return false;
    x = std::move(joined);
    return true;
  };
  for (const Linear::Term& low : x.terms) {
    if (low.atom->kind != IndexKind::kMod) continue;
    if (improve(with_pair_joined(x, low, nullptr))) return true;
    for (const Linear::Term& high : x.terms) {
      if (high.atom->kind != IndexKind::kMod ||
          product(low.coefficient, low.atom->value) != high.coefficient)
        continue;
      if (improve(with_pair_joined(x, low, &high))) return true;
    }
  }
  return false;
}

Linear IndexSimplifier::recombined(Linear x) {
  for (int round = 0; round < 32 && recombine_once(x); ++round) {
  }
  return x;
}

int division_count(const Index& index) {
  int count = index->kind == IndexKind::kFloorDiv || index->kind == IndexKind::kMod ? 1 : 0;
  for (const Index& arg : index->args) count += division_count(arg);
  return count;
}

Index simplify(const Index& index, const std::vector<int64_t>& extents) {
  return IndexSimplifier(extents).apply(index);
}

}  // namespace kasuri::loops
