#include <algorithm>
#include <map>
#include <numeric>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// Order along an axis: TopK, Unique, running sums and products.
namespace kasuri::reference {
namespace {

/// An axis of a tensor between the axes outside and inside it.
struct Line {
  int64_t outer, extent, inner;
};

Line line_of(const Tensor& x, int axis) {
  const auto a = static_cast<size_t>(axis);
  return {product(x.extents(), 0, a), x.extents()[a], product(x.extents(), a + 1)};
}

/// Positions along the axis in order of value; equal values in order of position; NaN is largest.
template <typename T>
std::vector<int64_t> sorted_positions(const T* values, int64_t n, int64_t step, bool largest) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  const auto below = [](T a, T b) { return a < b || (b != b && a == a); };
  std::stable_sort(order.begin(), order.end(), [&](int64_t i, int64_t j) {
    const T a = values[i * step], b = values[j * step];
    return largest ? below(b, a) : below(a, b);
  });
  return order;
}

void top_k(Context& c) {
  const Tensor& x = c.in(0);
  const int64_t k = c.opset() < 10 ? c.node().get_int("k", 0) : c.integer(1, 0);
  const int axis = c.axis(c.node().get_int("axis", -1), x.rank());
  const bool largest = c.node().get_int("largest", 1) != 0;
  const Line line = line_of(x, axis);
  c.require(k >= 0 && k <= line.extent, "the top {} of {}", k, line.extent);
  Extents out = x.extents();
  out[static_cast<size_t>(axis)] = k;
  std::vector<int64_t> positions(static_cast<size_t>(c.scratch_count(out, 16))),
      starts(positions.size());
  in_lane(x.dtype(), [&]<typename T>(T) {
    const std::vector<T> values = elements<T>(x);
    for (int64_t o = 0; o < line.outer; ++o)
      for (int64_t i = 0; i < line.inner; ++i) {
        const int64_t base = o * line.extent * line.inner + i;
        const auto order = sorted_positions(values.data() + base, line.extent, line.inner, largest);
        for (int64_t n = 0; n < k; ++n) {
          const auto to = static_cast<size_t>((o * k + n) * line.inner + i);
          positions[to] = order[static_cast<size_t>(n)];
          starts[to] = base + positions[to] * line.inner;
        }
      }
  });
  c.set(0, gathered(c, x, out, 1, starts));
  c.set(1, c.pack(DataType::kInt64, out, positions));
}

/// Items found equal: a number per item, and the first item of each number.
struct Classes {
  std::vector<int64_t> number, first, count;
};

/// Numbers items 0..n-1 by a strict order `less`, or by first appearance.
template <typename F>
Classes classify(int64_t n, bool sorted, F less) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), less);
  std::vector<std::vector<int64_t>> groups;
  for (int64_t item : order) {
    if (groups.empty() || less(groups.back().front(), item)) groups.emplace_back();
    groups.back().push_back(item);
  }
  if (!sorted)
    std::sort(groups.begin(), groups.end(),
              [](const auto& a, const auto& b) { return a.front() < b.front(); });
  Classes classes{std::vector<int64_t>(static_cast<size_t>(n)), {}, {}};
  for (size_t g = 0; g < groups.size(); ++g) {
    classes.first.push_back(groups[g].front());
    classes.count.push_back(static_cast<int64_t>(groups[g].size()));
    for (int64_t item : groups[g])
      classes.number[static_cast<size_t>(item)] = static_cast<int64_t>(g);
  }
  return classes;
}

template <typename T>
Classes classify_slices(const std::vector<T>& values, const Line& line, bool sorted) {
  return classify(line.extent, sorted, [&](int64_t a, int64_t b) {
    for (int64_t o = 0; o < line.outer; ++o)
      for (int64_t i = 0; i < line.inner; ++i) {
        const T& x = values[static_cast<size_t>((o * line.extent + a) * line.inner + i)];
        const T& y = values[static_cast<size_t>((o * line.extent + b) * line.inner + i)];
        if (x < y) return true;
        if (y < x) return false;
      }
    return false;
  });
}

void unique(Context& c) {
  const bool flat = !c.node().has("axis");
  const Tensor x = flat ? c.in(0).reshaped({c.in(0).count()}) : c.in(0);
  const int axis = c.axis(c.node().get_int("axis", 0), x.rank());
  const bool sorted = c.node().get_int("sorted", 1) != 0;
  const Line line = line_of(x, axis);
  const Classes classes = x.dtype() == DataType::kString
                              ? classify_slices(x.strings(), line, sorted)
                              : in_lane(x.dtype(), [&]<typename T>(T) {
                                  return classify_slices(elements<T>(x), line, sorted);
                                });
  Extents out = x.extents();
  const auto n = static_cast<int64_t>(classes.first.size());
  out[static_cast<size_t>(axis)] = n;
  std::vector<int64_t> starts;
  for (int64_t o = 0; o < line.outer; ++o)
    for (int64_t first : classes.first) starts.push_back((o * line.extent + first) * line.inner);
  c.set(0, gathered(c, x, out, line.inner, starts));
  c.set(1, c.pack(DataType::kInt64, {n}, classes.first));
  c.set(2, c.pack(DataType::kInt64, {line.extent}, classes.number));
  c.set(3, c.pack(DataType::kInt64, {n}, classes.count));
}

template <bool kProduct>
void cumulate(Context& c) {
  const Tensor& x = c.in(0);
  const int axis = c.axis(c.integer(1, 0), x.rank());
  const bool exclusive = c.node().get_int("exclusive", 0) != 0;
  const bool reverse = c.node().get_int("reverse", 0) != 0;
  const Line line = line_of(x, axis);
  in_lane(x.dtype(), [&]<typename T>(T) {
    using Sum = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;
    std::vector<T> values = elements<T>(x);
    for (int64_t o = 0; o < line.outer; ++o)
      for (int64_t i = 0; i < line.inner; ++i) {
        Sum sum = kProduct ? 1 : 0;
        for (int64_t n = 0; n < line.extent; ++n) {
          const int64_t at = reverse ? line.extent - 1 - n : n;
          T& value = values[static_cast<size_t>((o * line.extent + at) * line.inner + i)];
          const Sum before = sum;
          if constexpr (kProduct)
            sum *= static_cast<Sum>(value);
          else
            sum += static_cast<Sum>(value);
          value = static_cast<T>(exclusive ? before : sum);
        }
      }
    c.set(0, c.pack(x.dtype(), x.extents(), values));
  });
}

}  // namespace

void register_sorting_kernels(Registry& r) {
  r.add("TopK", top_k);
  r.add("Unique", unique);
  r.add("CumSum", cumulate<false>);
  r.add("CumProd", cumulate<true>);
}

}  // namespace kasuri::reference
