#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "engine/loops/simplify.h"
#include "tests/support/run_nest.h"

namespace kasuri::loops {
namespace {

int64_t value_at(const Index& i, const std::vector<int64_t>& point) {
  switch (i->kind) {
    case IndexKind::kConstant:
      return i->value;
    case IndexKind::kVariable:
      return point[i->value];
    case IndexKind::kAdd:
      return value_at(i->args[0], point) + value_at(i->args[1], point);
    case IndexKind::kMul:
      return value_at(i->args[0], point) * i->value;
    case IndexKind::kFloorDiv:
      return floor_quotient(value_at(i->args[0], point), i->value);
    case IndexKind::kMod:
      return floor_remainder(value_at(i->args[0], point), i->value);
    case IndexKind::kMin:
      return std::min(value_at(i->args[0], point), value_at(i->args[1], point));
    case IndexKind::kMax:
      return std::max(value_at(i->args[0], point), value_at(i->args[1], point));
    case IndexKind::kIndirect:
      break;
  }
  ADD_FAILURE() << "indirect";
  return 0;
}

/// Calls visit on every point of a domain.
template <typename Visit>
void each_point(const Extents& domain, const Visit& visit) {
  Extents point(domain.size(), 0);
  const int64_t count = count_of(domain);
  for (int64_t n = 0; n < count; ++n) {
    visit(point);
    for (size_t k = domain.size(); k-- > 0;) {
      if (++point[k] < domain[k]) break;
      point[k] = 0;
    }
  }
}

Index linearised(const std::vector<Index>& at, const Extents& extents) {
  Index sum = constant(0);
  for (size_t k = 0; k < at.size(); ++k) sum = add(mul(sum, extents[k]), at[k]);
  return sum;
}

std::vector<Index> digits(Index linear, const Extents& extents) {
  std::vector<Index> at(extents.size());
  int64_t weight = 1;
  for (size_t k = extents.size(); k-- > 0; weight *= extents[k])
    at[k] = mod(floor_div(linear, weight), extents[k]);
  return at;
}

Extents factored(Random& random, int64_t count) {
  Extents extents;
  for (int64_t p = 2; count > 1;) {
    if (count % p != 0) {
      ++p;
      continue;
    }
    if (extents.empty() || draw(random, 0, 2) > 0)
      extents.push_back(p);
    else
      extents[draw(random, 0, static_cast<int64_t>(extents.size()) - 1)] *= p;
    count /= p;
  }
  if (draw(random, 0, 3) == 0 || extents.empty()) extents.push_back(1);
  std::shuffle(extents.begin(), extents.end(), random);
  return extents;
}

/// A view of a tensor: indices into it as functions of the view's own variables.
struct View {
  Extents extents;
  std::vector<Index> at;

  void compose(const Extents& to, const std::vector<Index>& from_new) {
    for (Index& index : at) index = substitute(index, from_new);
    extents = to;
  }
};

View plain(const Extents& extents) { return {extents, identity(static_cast<int>(extents.size()))}; }

void reshape(View& view, const Extents& to) {
  const Index linear = linearised(identity(static_cast<int>(to.size())), to);
  const Extents from = view.extents;
  view.compose(to, digits(linear, from));
}

void transpose(View& view, const std::vector<int>& order) {
  Extents to(order.size());
  std::vector<Index> from(order.size());
  for (size_t k = 0; k < order.size(); ++k) {
    to[k] = view.extents[order[k]];
    from[order[k]] = variable(static_cast<int>(k));
  }
  view.compose(to, from);
}

void random_step(View& view, Random& random) {
  const auto rank = static_cast<int>(view.extents.size());
  std::vector<Index> from = identity(rank);
  Extents to = view.extents;
  const auto axis = static_cast<size_t>(draw(random, 0, rank - 1));
  switch (draw(random, 0, 6)) {
    case 0:
      return reshape(view, factored(random, count_of(view.extents)));
    case 1: {
      std::vector<int> order(rank);
      std::iota(order.begin(), order.end(), 0);
      std::shuffle(order.begin(), order.end(), random);
      return transpose(view, order);
    }
    case 2: {
      const int64_t step = draw(random, 1, 2), start = draw(random, 0, to[axis] - 1);
      to[axis] = (to[axis] - start + step - 1) / step;
      from[axis] = add(mul(from[axis], step), start);
      break;
    }
    case 3:
      from[axis] = add(mul(from[axis], -1), to[axis] - 1);
      break;
    case 4: {
      to[axis] *= draw(random, 1, 2);
      from[axis] = mod(from[axis], view.extents[axis]);
      break;
    }
    case 5:
      from[axis] = mod(add(from[axis], draw(random, 0, 5)), to[axis]);
      break;
    default: {
      to[axis] += 2;
      from[axis] = max(min(add(from[axis], -1), constant(view.extents[axis] - 1)), constant(0));
    }
  }
  view.compose(to, from);
}

TEST(IndexSimplify, EqualsBruteForceOnRandomViews) {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    View view = plain(factored(random, std::vector<int64_t>{1, 7, 12, 24, 30, 36, 60}[seed % 7]));
    const int64_t steps = draw(random, 1, 6);
    for (int64_t k = 0; k < steps && count_of(view.extents) < 500; ++k) random_step(view, random);
    for (const Index& index : view.at) {
      const Index simple = simplify(index, view.extents);
      const Interval range = interval_of(simple, view.extents);
      each_point(view.extents, [&](const Extents& point) {
        const int64_t expected = value_at(index, point);
        ASSERT_EQ(expected, value_at(simple, point))
            << "seed " << seed << ": " << text_of(index) << "  ->  " << text_of(simple);
        ASSERT_TRUE(range.low <= expected && expected <= range.high) << text_of(simple);
      });
    }
  }
}

/// Prime powers: every reshape nests with every other. For other counts, where digits of different
/// radices cross, longer chains stay equal but may not become the identity again.
TEST(IndexSimplify, InverseOfAChainRestoresTheIdentity) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const Extents start = factored(random, std::vector<int64_t>{16, 27, 32, 64, 81}[seed % 5]);
    View view = plain(start);
    std::vector<std::function<void()>> undo;
    for (int k = 0; k < 4; ++k) {
      const Extents before = view.extents;
      if (draw(random, 0, 1) == 0) {
        reshape(view, factored(random, count_of(before)));
        undo.emplace_back([&view, before] { reshape(view, before); });
      } else {
        std::vector<int> order(before.size()), inverse(before.size());
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random);
        for (size_t i = 0; i < order.size(); ++i) inverse[order[i]] = static_cast<int>(i);
        transpose(view, order);
        undo.emplace_back([&view, inverse] { transpose(view, inverse); });
      }
      for (Index& index : view.at) index = simplify(index, view.extents);
    }
    while (!undo.empty()) {
      undo.back()();
      undo.pop_back();
      for (Index& index : view.at) index = simplify(index, view.extents);
    }
    for (size_t k = 0; k < start.size(); ++k) {
      const Index expected = start[k] == 1 ? constant(0) : variable(static_cast<int>(k));
      EXPECT_TRUE(equal(view.at[k], expected)) << "seed " << seed << ": " << text_of(view.at[k]);
    }
  }
}

TEST(IndexSimplify, ReshapeThereAndBackIsTheIdentity) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const Extents start = factored(random, std::vector<int64_t>{12, 30, 36, 60, 210}[seed % 5]);
    View view = plain(start);
    reshape(view, factored(random, count_of(start)));
    for (Index& index : view.at) index = simplify(index, view.extents);
    reshape(view, start);
    for (size_t k = 0; k < start.size(); ++k) {
      const Index expected = start[k] == 1 ? constant(0) : variable(static_cast<int>(k));
      const Index found = simplify(view.at[k], start);
      EXPECT_TRUE(equal(found, expected)) << "seed " << seed << ": " << text_of(found);
    }
  }
}

TEST(IndexSimplify, KnowsTheLawsOfDigits) {
  const Index i = variable(0), j = variable(1);
  const Extents e = {6, 4};
  const auto text = [&](const Index& x) { return text_of(simplify(x, e)); };
  EXPECT_EQ("i0", text(floor_div(add(mul(i, 4), j), 4)));
  EXPECT_EQ("i1", text(mod(add(mul(i, 4), j), 4)));
  EXPECT_EQ("i0 div 2", text(floor_div(add(mul(i, 4), j), 8)));
  EXPECT_EQ("i0", text(add(mul(floor_div(i, 3), 3), mod(i, 3))));
  EXPECT_EQ("i0 div 6", text_of(floor_div(floor_div(i, 2), 3)));
  EXPECT_EQ("0", text(floor_div(i, 6)));
  EXPECT_EQ("i0 mod 2", text(mod(mod(i, 4), 2)));
  EXPECT_EQ("i1", text(min(j, add(i, 3))));
}

TEST(IndexSimplify, HugeNumbersDoNotTrap) {
  const int64_t far = int64_t{1} << 62;
  const Index x = add(mul(variable(0), far), mul(variable(1), far));
  EXPECT_NO_THROW(simplify(floor_div(add(x, far), 3), {far, far}));
  EXPECT_NO_THROW(interval_of(mul(x, far), {far, far}));
}

TEST(ScalarSimplify, DecidesSelectsByIntervals) {
  const Scalar i = index_value(variable(0));
  const auto below = [&](int64_t n) {
    return binary(BinaryOp::kLess, i, literal_int(DataType::kInt64, n));
  };
  const Scalar x = load(0, DataType::kFloat, {variable(0)}), y = literal(DataType::kFloat, 2);
  EXPECT_EQ(ScalarKind::kLoad, simplify(select(below(8), x, y), {8})->kind);
  EXPECT_EQ(ScalarKind::kSelect, simplify(select(below(7), x, y), {8})->kind);
  const Scalar inner = select(below(5), y, x);
  const Scalar nested = simplify(select(below(4), inner, x), {8});
  EXPECT_TRUE(equal(y, nested->args[1])) << "in the arm where i < 4, i < 5 holds";
}

}  // namespace
}  // namespace kasuri::loops
