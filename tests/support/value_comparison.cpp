#include "tests/support/value_comparison.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "engine/ir/number_formats.h"

namespace kasuri::testing {
namespace {

template <typename T>
double as_double(const Tensor& t, size_t i) {
  return static_cast<double>(t.data<T>()[i]);
}

double element(const Tensor& t, size_t i) {
  switch (t.dtype()) {
    case DataType::kFloat:
      return as_double<float>(t, i);
    case DataType::kDouble:
      return as_double<double>(t, i);
    case DataType::kFloat16:
    case DataType::kBfloat16:
      return decode_float(t.data<uint16_t>()[i], t.dtype());
    default:
      return decode_float(t.data<uint8_t>()[i], t.dtype());
  }
}

bool close(double a, double b, Tolerance tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return std::fabs(a - b) <= tolerance.absolute + tolerance.relative * std::fabs(b);
}

std::optional<std::string> compare_floats(const Tensor& a, const Tensor& b, Tolerance tolerance) {
  int64_t wrong = 0;
  std::string first;
  for (int64_t i = 0; i < a.count(); ++i) {
    const double x = element(a, static_cast<size_t>(i)), y = element(b, static_cast<size_t>(i));
    if (close(x, y, tolerance)) continue;
    if (wrong++ == 0) first = fmt::format("element {} is {}, not {}", i, x, y);
  }
  if (wrong == 0) return std::nullopt;
  return fmt::format("{} of {} elements differ: {}", wrong, a.count(), first);
}

std::optional<std::string> compare_exactly(const Tensor& a, const Tensor& b) {
  if (a.dtype() == DataType::kString) {
    for (size_t i = 0; i < a.strings().size(); ++i)
      if (a.strings()[i] != b.strings()[i])
        return fmt::format("element {} is '{}', not '{}'", i, a.strings()[i], b.strings()[i]);
    return std::nullopt;
  }
  const size_t n = a.bytes().size();
  for (size_t i = 0; i < n; ++i)
    if (a.bytes()[i] != b.bytes()[i])
      return fmt::format("byte {} of {} is {}, not {}", i, n, static_cast<int>(a.bytes()[i]),
                         static_cast<int>(b.bytes()[i]));
  return std::nullopt;
}

std::optional<std::string> compare(const Tensor& a, const Tensor& b, Tolerance tolerance) {
  if (a.dtype() != b.dtype())
    return fmt::format("type is {}, not {}", name_of(a.dtype()), name_of(b.dtype()));
  if (a.extents() != b.extents())
    return fmt::format("extents are [{}], not [{}]", fmt::join(a.extents(), ","),
                       fmt::join(b.extents(), ","));
  if (is_float(a.dtype()) && bits_of(a.dtype()) >= 8) return compare_floats(a, b, tolerance);
  return compare_exactly(a, b);
}

}  // namespace

std::optional<std::string> difference(const RuntimeValue& actual, const RuntimeValue& expected,
                                      Tolerance tolerance) {
  if (actual.data.index() != expected.data.index())
    return fmt::format("kind is {}, not {}", actual.data.index(), expected.data.index());
  if (!actual.present()) return std::nullopt;
  if (actual.is_tensor()) return compare(actual.tensor(), expected.tensor(), tolerance);
  if (actual.items().size() != expected.items().size())
    return fmt::format("{} items, not {}", actual.items().size(), expected.items().size());
  for (size_t i = 0; i < actual.items().size(); ++i)
    if (auto why = difference(actual.items()[i], expected.items()[i], tolerance))
      return fmt::format("item {}: {}", i, *why);
  return std::nullopt;
}

}  // namespace kasuri::testing
