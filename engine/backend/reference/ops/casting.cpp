#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/registry.h"
#include "engine/ir/number_formats.h"

// Conversions between element types.
namespace kasuri::reference {
namespace {

struct CastRules {
  Overflow overflow = Overflow::kSaturate;
  PowerRounding rounding = PowerRounding::kUp;
};

CastRules rules_of(Context& c) {
  CastRules rules;
  if (c.node().get_int("saturate", 1) == 0) rules.overflow = Overflow::kSpecial;
  const std::string mode = c.node().get_string("round_mode", "up");
  rules.rounding = mode == "down"      ? PowerRounding::kDown
                   : mode == "nearest" ? PowerRounding::kNearest
                                       : PowerRounding::kUp;
  return rules;
}

Tensor to_eight_bits(Context& c, const Tensor& x, DataType to, CastRules rules) {
  const std::vector<double> values = elements<double>(x);
  FreshTensor out = c.fresh(to, x.extents());
  for (size_t i = 0; i < values.size(); ++i)
    out.bytes[i] = static_cast<std::byte>(
        to == DataType::kFloat8E8M0 ? encode_power(values[i], rules.rounding, rules.overflow)
                                    : encode_float(values[i], to, rules.overflow));
  return out.tensor;
}

double parse(Context& c, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  c.require(end != text.c_str() && *end == '\0', "'{}' is no number", text.substr(0, 40));
  return value;
}

Tensor from_strings(Context& c, const Tensor& x, DataType to, CastRules rules) {
  if (is_float(to)) {
    std::vector<double> values;
    for (const std::string& s : x.strings()) values.push_back(parse(c, s));
    const Tensor wide = c.pack(DataType::kDouble, x.extents(), values);
    return bits_of(to) == 8 ? to_eight_bits(c, wide, to, rules)
                            : map_elements<double>(c, wide, to, [](double v) { return v; });
  }
  std::vector<int64_t> values;
  for (const std::string& s : x.strings()) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
    if (error != std::errc() || end != s.data() + s.size()) value = truncate_to_int64(parse(c, s));
    values.push_back(value);
  }
  return c.pack(to, x.extents(), values);
}

std::string number_text(double value, bool wide) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
  std::string text = wide ? fmt::format("{}", value) : fmt::format("{}", static_cast<float>(value));
  return text;
}

Tensor to_strings(Context& c, const Tensor& x) {
  std::vector<std::string> out;
  in_lane(x.dtype(), [&]<typename T>(T) {
    for (T v : elements<T>(x)) {
      if constexpr (std::is_floating_point_v<T>)
        out.push_back(number_text(v, x.dtype() == DataType::kDouble));
      else
        out.push_back(std::to_string(v));
    }
  });
  return c.pack_strings(x.extents(), std::move(out));
}

Tensor converted(Context& c, const Tensor& x, DataType to, CastRules rules) {
  if (x.dtype() == to) return x;
  if (x.dtype() == DataType::kString) return from_strings(c, x, to, rules);
  if (to == DataType::kString) return to_strings(c, x);
  if (is_float(to) && bits_of(to) == 8) return to_eight_bits(c, x, to, rules);
  if (to == DataType::kBool)  // NaN and small numbers are true
    return map_elements<double>(c, x, to, [](double v) { return v != 0 ? 1.0 : 0.0; });
  if (is_float(x.dtype()) && to == DataType::kUint64)
    return map_elements<double>(c, x, to, [](double v) { return v; });
  return in_lane(x.dtype(), [&]<typename T>(T) {
    if constexpr (std::is_floating_point_v<T>)
      if (!is_float(to)) {
        return map_elements<double>(c, x, to, [&](double v) {
          if (to == DataType::kInt32 && !(std::fabs(v) < 2147483648.0)) return -2147483648.0;
          return v;
        });
      }
    return map_elements<T>(c, x, to, [](T v) { return v; });
  });
}

void cast(Context& c) {
  const int64_t to = c.node().get_int("to", 0);
  c.require(to > 0 && to <= static_cast<int64_t>(DataType::kInt2), "casts to type {}", to);
  const DataType dtype = static_cast<DataType>(to);
  c.require(dtype != DataType::kComplex64 && dtype != DataType::kComplex128, "casts to {}",
            name_of(dtype));
  c.set(0, converted(c, c.in(0), dtype, rules_of(c)));
}

void cast_like(Context& c) { c.set(0, converted(c, c.in(0), c.in(1).dtype(), rules_of(c))); }

void bit_cast(Context& c) {
  const Tensor& x = c.in(0);
  const int64_t to = c.node().get_int("to", 0);
  c.require(to > 0 && to <= static_cast<int64_t>(DataType::kInt2), "casts to type {}", to);
  const auto dtype = static_cast<DataType>(to);
  const int from_bits = bits_of(x.dtype()), to_bits = bits_of(dtype);
  c.require(from_bits > 0 && to_bits > 0, "{} as {}", name_of(x.dtype()), name_of(dtype));
  Extents extents = x.extents();
  if (from_bits > to_bits) {
    extents.push_back(from_bits / to_bits);
  } else if (from_bits < to_bits) {
    c.require(!extents.empty() && extents.back() == to_bits / from_bits, "{} of {} as {}",
              text_of(extents), name_of(x.dtype()), name_of(dtype));
    extents.pop_back();
  }
  FreshTensor out = c.fresh(dtype, extents);
  std::copy(x.bytes().begin(), x.bytes().end(), out.bytes.begin());
  c.set(0, out.tensor);
}

}  // namespace

void register_casting_kernels(Registry& r) {
  r.add("Cast", cast);
  r.add("CastLike", cast_like);
  r.add("BitCast", bit_cast);
}

}  // namespace kasuri::reference
