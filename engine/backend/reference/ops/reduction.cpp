#include <cmath>
#include <limits>
#include <numeric>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// Reductions over axes, ArgMax and ArgMin. Sums run in index order, floats in double.
namespace kasuri::reference {
namespace {

/// A tensor seen as [kept, reduced], both row-major in their own axes.
struct Split {
  Extents result;                // with 1 at reduced axes
  Extents squeezed;              // without them
  std::vector<int64_t> kept;     // offsets of result elements
  std::vector<int64_t> reduced;  // offsets inside one result element
};

std::vector<int64_t> offsets_of(const Extents& extents, const Strides& strides) {
  std::vector<int64_t> out;
  for_each_row<1>(extents, {strides}, [&](const std::array<int64_t, 1>& at) {
    for (int64_t i = 0; i < row_length(extents); ++i) out.push_back(at[0] + i * row_step(strides));
  });
  return out;
}

Split split(const Extents& extents, const std::vector<int>& axes) {
  Split s;
  const Strides strides = contiguous_strides(extents);
  Extents kept, reduced;
  Strides kept_strides, reduced_strides;
  for (size_t d = 0; d < extents.size(); ++d) {
    const bool gone = std::find(axes.begin(), axes.end(), static_cast<int>(d)) != axes.end();
    (gone ? reduced : kept).push_back(extents[d]);
    (gone ? reduced_strides : kept_strides).push_back(strides[d]);
    s.result.push_back(gone ? 1 : extents[d]);
    if (!gone) s.squeezed.push_back(extents[d]);
  }
  s.kept = offsets_of(kept, kept_strides);
  s.reduced = offsets_of(reduced, reduced_strides);
  return s;
}

/// One reduction: state starts at `start`, takes each element, and is finished with the count.
template <typename T>
struct Sum {
  T state = 0;
  void take(T x) {
    if constexpr (std::is_integral_v<T>)
      state = static_cast<T>(static_cast<uint64_t>(state) + static_cast<uint64_t>(x));
    else
      state += x;
  }
  T finish(int64_t) const { return state; }
};
template <typename T>
struct Mean : Sum<T> {
  T finish(int64_t n) const {
    if constexpr (std::is_integral_v<T>)
      if (n == 0) return 0;
    return static_cast<T>(this->state / static_cast<T>(n));
  }
};
template <typename T>
struct Product {
  T state = 1;
  void take(T x) {
    if constexpr (std::is_integral_v<T>)
      state = static_cast<T>(static_cast<uint64_t>(state) * static_cast<uint64_t>(x));
    else
      state *= x;
  }
  T finish(int64_t) const { return state; }
};
template <typename T>
struct Largest {
  T state = std::is_integral_v<T> ? std::numeric_limits<T>::lowest()
                                  : -std::numeric_limits<T>::infinity();
  void take(T x) {
    if (x > state || x != x) state = x;
  }
  T finish(int64_t) const { return state; }
};
template <typename T>
struct Smallest {
  T state =
      std::is_integral_v<T> ? std::numeric_limits<T>::max() : std::numeric_limits<T>::infinity();
  void take(T x) {
    if (x < state || x != x) state = x;
  }
  T finish(int64_t) const { return state; }
};
template <typename T>
struct SumOfAbsolute : Sum<T> {
  void take(T x) { Sum<T>::take(x < 0 ? static_cast<T>(0) - x : x); }
};
template <typename T>
struct SumOfSquares : Sum<T> {
  void take(T x) {
    if constexpr (std::is_integral_v<T>)
      Sum<T>::take(static_cast<T>(static_cast<uint64_t>(x) * static_cast<uint64_t>(x)));
    else
      Sum<T>::take(x * x);
  }
};
template <typename T>
struct RootOfSquares : SumOfSquares<T> {
  T finish(int64_t) const { return static_cast<T>(std::sqrt(static_cast<double>(this->state))); }
};
template <typename T>
struct LogOfSum : Sum<T> {
  T finish(int64_t) const { return static_cast<T>(std::log(static_cast<double>(this->state))); }
};
template <typename T>
struct LogOfSumOfExp {
  double largest = -std::numeric_limits<double>::infinity(), sum = 0;
  void take(T value) {
    const auto x = static_cast<double>(value);
    if (x > largest) {
      sum = sum * std::exp(largest - x) + 1;
      largest = x;
    } else if (std::isfinite(largest) || std::isnan(x)) {
      sum += std::exp(x - largest);
    }
  }
  T finish(int64_t) const { return static_cast<T>(largest + std::log(sum)); }
};

std::vector<int> reduced_axes(Context& c) {
  const std::vector<int64_t> given = c.ints_of("axes", 1);
  if (!given.empty()) return c.axes(given, c.in(0).rank());
  std::vector<int> all(static_cast<size_t>(c.in(0).rank()));
  if (c.node().get_int("noop_with_empty_axes", 0) == 0)
    std::iota(all.begin(), all.end(), 0);
  else
    all.clear();
  return all;
}

template <template <typename> typename Reducer>
void reduce(Context& c) {
  const Tensor& x = c.in(0);
  const Split s = split(x.extents(), reduced_axes(c));
  const Extents& extents = c.node().get_int("keepdims", 1) != 0 ? s.result : s.squeezed;
  in_lane(x.dtype(), [&]<typename T>(T) {
    const std::vector<T> values = elements<T>(x);
    std::vector<T> out(static_cast<size_t>(c.scratch_count(extents, sizeof(T))));
    for (size_t i = 0; i < out.size(); ++i) {
      Reducer<T> reducer;
      const T* from = values.data() + (values.empty() ? 0 : s.kept[i]);
      for (int64_t at : s.reduced) reducer.take(from[at]);
      out[i] = reducer.finish(static_cast<int64_t>(s.reduced.size()));
    }
    c.set(0, c.pack(x.dtype(), extents, out));
  });
}

template <bool kMaximum>
void arg_reduce(Context& c) {
  const Tensor& x = c.in(0);
  const int axis = c.axis(c.node().get_int("axis", 0), x.rank());
  const bool last = c.node().get_int("select_last_index", 0) != 0;
  const Split s = split(x.extents(), {axis});
  c.require(!s.reduced.empty() || s.kept.empty(), "axis {} is empty", axis);
  std::vector<int64_t> out(s.kept.size());
  in_lane(x.dtype(), [&]<typename T>(T) {
    const std::vector<T> values = elements<T>(x);
    for (size_t i = 0; i < out.size(); ++i) {
      const T* from = values.data() + s.kept[i];
      size_t best = 0;
      for (size_t j = 1; j < s.reduced.size(); ++j) {
        const T a = from[s.reduced[j]], b = from[s.reduced[best]];
        if ((kMaximum ? a > b : a < b) || (last && a == b)) best = j;
      }
      out[i] = static_cast<int64_t>(best);
    }
  });
  const bool keep = c.node().get_int("keepdims", 1) != 0;
  c.set(0, c.pack(DataType::kInt64, keep ? s.result : s.squeezed, out));
}

}  // namespace

void register_reduction_kernels(Registry& r) {
  r.add("ReduceSum", reduce<Sum>);
  r.add("ReduceMean", reduce<Mean>);
  r.add("ReduceProd", reduce<Product>);
  r.add("ReduceMax", reduce<Largest>);
  r.add("ReduceMin", reduce<Smallest>);
  r.add("ReduceL1", reduce<SumOfAbsolute>);
  r.add("ReduceL2", reduce<RootOfSquares>);
  r.add("ReduceSumSquare", reduce<SumOfSquares>);
  r.add("ReduceLogSum", reduce<LogOfSum>);
  r.add("ReduceLogSumExp", reduce<LogOfSumOfExp>);
  r.add("ArgMax", arg_reduce<true>);
  r.add("ArgMin", arg_reduce<false>);
}

}  // namespace kasuri::reference
