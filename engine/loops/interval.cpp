#include <algorithm>

#include "engine/base/check.h"
#include "engine/loops/linear.h"
#include "engine/loops/simplify.h"

namespace kasuri::loops {
namespace {

__extension__ using Wide = __int128;

constexpr int64_t kFar = int64_t{1} << 62;

int64_t clamped(Wide x) { return static_cast<int64_t>(std::clamp<Wide>(x, -kFar, kFar)); }

Interval times(Interval x, int64_t factor) {
  const int64_t a = clamped(static_cast<Wide>(x.low) * factor);
  const int64_t b = clamped(static_cast<Wide>(x.high) * factor);
  return {std::min(a, b), std::max(a, b)};
}

Interval plus(Interval x, Interval y) {
  return {clamped(static_cast<Wide>(x.low) + y.low), clamped(static_cast<Wide>(x.high) + y.high)};
}

Interval of_atom(const Index& index, const std::vector<int64_t>& extents) {
  const auto arg = [&](size_t i) { return interval_of(index->args[i], extents); };
  switch (index->kind) {
    case IndexKind::kVariable: {
      const auto v = static_cast<size_t>(index->value);
      KASURI_CHECK(v < extents.size(), "an index names a variable outside its domain");
      return {0, std::max<int64_t>(extents[v] - 1, 0)};
    }
    case IndexKind::kFloorDiv: {
      const Interval x = arg(0);
      return {floor_quotient(x.low, index->value), floor_quotient(x.high, index->value)};
    }
    case IndexKind::kMod: {
      const Interval x = arg(0);
      const int64_t block = floor_quotient(x.low, index->value);
      if (block == floor_quotient(x.high, index->value))
        return {x.low - block * index->value, x.high - block * index->value};
      return {0, index->value - 1};
    }
    case IndexKind::kMin: {
      const Interval x = arg(0), y = arg(1);
      return {std::min(x.low, y.low), std::min(x.high, y.high)};
    }
    case IndexKind::kMax: {
      const Interval x = arg(0), y = arg(1);
      return {std::max(x.low, y.low), std::max(x.high, y.high)};
    }
    case IndexKind::kIndirect:
      return {0, std::max<int64_t>(index->limit - 1, 0)};
    default:
      fail("not an atom");
  }
}

}  // namespace

Interval interval_of(const Index& index, const std::vector<int64_t>& extents) {
  const Linear linear = linear_of(index);
  Interval sum{linear.constant, linear.constant};
  for (const Linear::Term& term : linear.terms)
    sum = plus(sum, times(of_atom(term.atom, extents), term.coefficient));
  return sum;
}

}  // namespace kasuri::loops
