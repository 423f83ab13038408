#include <cmath>
#include <limits>

#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/registry.h"

// Operators of several operands with broadcasting. Integers wrap around; a division by zero gives
// 0.
namespace kasuri::reference {
namespace {

template <typename T>
constexpr bool kIsInteger = std::is_integral_v<T>;

template <typename T, typename F>
T wrapped(T a, T b, F f) {
  if constexpr (kIsInteger<T>)
    return static_cast<T>(f(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
  else
    return f(a, b);
}

constexpr auto kAdd = [](auto a, auto b) {
  return wrapped(a, b, [](auto x, auto y) { return x + y; });
};
constexpr auto kSub = [](auto a, auto b) {
  return wrapped(a, b, [](auto x, auto y) { return x - y; });
};
constexpr auto kMul = [](auto a, auto b) {
  return wrapped(a, b, [](auto x, auto y) { return x * y; });
};
constexpr auto kDiv = []<typename T>(T a, T b) -> T {
  if constexpr (kIsInteger<T>) {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>)
      if (b == -1) return static_cast<T>(-static_cast<uint64_t>(a));
  }
  return a / b;
};
constexpr auto kRemainder = []<typename T>(T a, T b) -> T {  // sign of the dividend
  if constexpr (kIsInteger<T>) {
    if (b == 0) return 0;
    if constexpr (std::is_signed_v<T>)
      if (b == -1) return 0;
    return a % b;
  } else {
    return std::fmod(a, b);
  }
};
constexpr auto kModulo = []<typename T>(T a, T b) -> T {  // sign of the divisor
  const T r = kRemainder(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
};
constexpr auto kMax = []<typename T>(T a, T b) -> T {
  if constexpr (!kIsInteger<T>)
    if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<T>::quiet_NaN();
  return a > b ? a : b;
};
constexpr auto kMin = []<typename T>(T a, T b) -> T {
  if constexpr (!kIsInteger<T>)
    if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<T>::quiet_NaN();
  return a < b ? a : b;
};

/// Opset 6 and earlier: the second operand's axes start at attribute `axis` (default:
/// right-aligned).
Tensor second_operand(Context& c) {
  const Tensor& b = c.in(1);
  if (c.opset() >= 7 || !c.node().has("axis")) return b;
  const int start = c.axis(c.node().get_int("axis", 0), c.in(0).rank());
  Extents extents = b.extents();
  c.require(start + b.rank() <= c.in(0).rank(), "axis {} leaves no room for rank {}", start,
            b.rank());
  extents.resize(static_cast<size_t>(c.in(0).rank() - start), 1);
  return b.reshaped(extents);
}

template <auto F>
void arithmetic(Context& c) {
  const DataType dtype = c.in(0).dtype();
  const Tensor b = second_operand(c);
  c.require(b.dtype() == dtype, "inputs are {} and {}", name_of(dtype), name_of(b.dtype()));
  in_lane(dtype, [&]<typename T>(T) { c.set(0, zip_elements<T>(c, c.in(0), b, dtype, F)); });
}

template <auto F>
void comparison(Context& c) {
  const DataType dtype = c.in(0).dtype();
  const Tensor b = second_operand(c);
  c.require(b.dtype() == dtype, "inputs are {} and {}", name_of(dtype), name_of(b.dtype()));
  in_lane(dtype, [&]<typename T>(T) {
    c.set(0, zip_elements<T>(c, c.in(0), b, DataType::kBool,
                             [](T x, T y) { return static_cast<T>(F(x, y)); }));
  });
}

void equal(Context& c) {
  if (c.in(0).dtype() != DataType::kString)
    return comparison<([](auto a, auto b) { return a == b; })>(c);
  const Tensor &a = c.in(0), &b = c.in(1);
  c.require(b.dtype() == DataType::kString, "a string is compared with {}", name_of(b.dtype()));
  const Extents extents = broadcast(c, {a.extents(), b.extents()});
  const Strides sa = broadcast_strides(a.extents(), extents);
  const Strides sb = broadcast_strides(b.extents(), extents);
  std::vector<int64_t> out;
  for_each_row<2>(extents, {sa, sb}, [&](const std::array<int64_t, 2>& at) {
    for (int64_t i = 0; i < row_length(extents); ++i)
      out.push_back(a.strings()[static_cast<size_t>(at[0] + i * row_step(sa))] ==
                    b.strings()[static_cast<size_t>(at[1] + i * row_step(sb))]);
  });
  c.set(0, c.pack(DataType::kBool, extents, out));
}

template <auto F>
void logical(Context& c) {
  const Tensor b = second_operand(c);
  c.set(0, zip_elements<int64_t>(c, c.in(0), b, DataType::kBool,
                                 [](int64_t x, int64_t y) { return F(x != 0, y != 0) ? 1 : 0; }));
}

template <auto F>
void bitwise(Context& c) {
  c.require(is_integer(c.in(0).dtype()), "bits of {}", name_of(c.in(0).dtype()));
  c.set(0, zip_elements<uint64_t>(c, c.in(0), c.in(1), c.in(0).dtype(), F));
}

void bit_shift(Context& c) {
  const bool left = c.node().get_string("direction", "") == "LEFT";
  const DataType dtype = c.in(0).dtype();
  c.require(is_integer(dtype), "bits of {}", name_of(dtype));
  const auto width = static_cast<uint64_t>(bits_of(dtype));
  const bool is_signed = is_signed_integer(dtype);
  c.set(0, zip_elements<uint64_t>(c, c.in(0), c.in(1), dtype, [=](uint64_t x, uint64_t y) {
          if (left) return y >= width ? 0 : x << y;
          if (!is_signed) return y >= width ? 0 : x >> y;
          return static_cast<uint64_t>(static_cast<int64_t>(x) >> std::min<uint64_t>(y, 63));
        }));
}

void mod(Context& c) {
  const bool c_like = c.node().get_int("fmod", 0) != 0;
  const DataType dtype = c.in(0).dtype();
  in_lane(dtype, [&]<typename T>(T) {
    c.set(0, c_like ? zip_elements<T>(c, c.in(0), c.in(1), dtype, kRemainder)
                    : zip_elements<T>(c, c.in(0), c.in(1), dtype, kModulo));
  });
}

int64_t integer_power(int64_t base, int64_t exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
  uint64_t result = 1, factor = static_cast<uint64_t>(base);
  for (auto e = static_cast<uint64_t>(exponent); e > 0; e >>= 1) {
    if (e & 1) result *= factor;
    factor *= factor;
  }
  return static_cast<int64_t>(result);
}

void power(Context& c) {
  const Tensor& x = c.in(0);
  const Tensor y = second_operand(c);
  if (is_float(x.dtype()) || is_float(y.dtype()))
    c.set(0, zip_elements<double>(c, x, y, x.dtype(),
                                  [](double a, double b) { return std::pow(a, b); }));
  else
    c.set(0, zip_elements<int64_t>(c, x, y, x.dtype(), integer_power));
}

void prelu(Context& c) {
  const Tensor& x = c.in(0);
  Tensor slope = c.in(1);
  if (c.opset() < 9 && slope.rank() == 1 && x.rank() > 2 && slope.count() > 1) {
    Extents extents(static_cast<size_t>(x.rank() - 1), 1);
    extents[0] = slope.count();
    slope = slope.reshaped(extents);
  }
  in_lane(x.dtype(), [&]<typename T>(T) {
    c.set(0, zip_elements<T>(c, x, slope, x.dtype(), [](T v, T s) -> T {
            return v < 0 ? wrapped(v, s, [](auto p, auto q) { return p * q; }) : v;
          }));
  });
}

template <auto F, bool kMean = false>
void variadic(Context& c) {
  c.require(c.input_count() > 0, "needs an input");
  const DataType dtype = c.in(0).dtype();
  in_lane(dtype, [&]<typename T>(T) {
    const DataType wide = is_float(dtype) ? DataType::kDouble : dtype;
    Tensor sum = map_elements<T>(c, c.in(0), wide, [](T x) { return x; });
    for (size_t i = 1; i < c.input_count(); ++i) {
      c.require(c.in(i).dtype() == dtype, "inputs are {} and {}", name_of(dtype),
                name_of(c.in(i).dtype()));
      sum = zip_elements<T>(c, sum, c.in(i), wide, F);
    }
    const T n = kMean ? static_cast<T>(c.input_count()) : T{1};
    c.set(0, map_elements<T>(c, sum, dtype, [n](T x) { return static_cast<T>(x / n); }));
  });
}

void where(Context& c) {
  const Tensor &x = c.in(1), &y = c.in(2);
  c.require(x.dtype() == y.dtype(), "branches are {} and {}", name_of(x.dtype()),
            name_of(y.dtype()));
  const Extents extents = broadcast(c, {c.in(0).extents(), x.extents(), y.extents()});
  const std::vector<int64_t> condition = elements<int64_t>(c.in(0));
  const Strides sc = broadcast_strides(c.in(0).extents(), extents);
  const Strides sx = broadcast_strides(x.extents(), extents);
  const Strides sy = broadcast_strides(y.extents(), extents);
  MoveTarget out(c, x.dtype(), extents);
  const MoveSource from_x(x), from_y(y);
  int64_t to = 0;
  for_each_row<3>(extents, {sc, sx, sy}, [&](const std::array<int64_t, 3>& at) {
    for (int64_t i = 0; i < row_length(extents); ++i, ++to) {
      if (condition[static_cast<size_t>(at[0] + i * row_step(sc))])
        out.copy(to, from_x, at[1] + i * row_step(sx));
      else
        out.copy(to, from_y, at[2] + i * row_step(sy));
    }
  });
  c.set(0, out.take());
}

}  // namespace

void register_elementwise_binary_kernels(Registry& r) {
  r.add("Add", arithmetic<kAdd>);
  r.add("Sub", arithmetic<kSub>);
  r.add("Mul", arithmetic<kMul>);
  r.add("Div", arithmetic<kDiv>);
  r.add("Mod", mod);
  r.add("Pow", power);
  r.add("PRelu", prelu);
  r.add("Max", variadic<kMax>);
  r.add("Min", variadic<kMin>);
  r.add("Sum", variadic<kAdd>);
  r.add("Mean", variadic<kAdd, true>);
  r.add("Equal", equal);
  r.add("Less", comparison<([](auto a, auto b) { return a < b; })>);
  r.add("LessOrEqual", comparison<([](auto a, auto b) { return a <= b; })>);
  r.add("Greater", comparison<([](auto a, auto b) { return a > b; })>);
  r.add("GreaterOrEqual", comparison<([](auto a, auto b) { return a >= b; })>);
  r.add("And", logical<[](bool a, bool b) { return a && b; }>);
  r.add("Or", logical<[](bool a, bool b) { return a || b; }>);
  r.add("Xor", logical<[](bool a, bool b) { return a != b; }>);
  r.add("BitwiseAnd", bitwise<[](uint64_t a, uint64_t b) { return a & b; }>);
  r.add("BitwiseOr", bitwise<[](uint64_t a, uint64_t b) { return a | b; }>);
  r.add("BitwiseXor", bitwise<[](uint64_t a, uint64_t b) { return a ^ b; }>);
  r.add("BitShift", bit_shift);
  r.add("Where", where);
}

}  // namespace kasuri::reference
