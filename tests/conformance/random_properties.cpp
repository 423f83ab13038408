#include "tests/conformance/random_properties.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace kasuri::testing {
namespace {

using Values = std::vector<RuntimeValue>;

template <typename T>
std::vector<double> as_doubles(const Tensor& t) {
  const auto data = t.data<T>();
  return {data.begin(), data.end()};
}

std::vector<double> numbers(const Tensor& t) {
  if (t.dtype() == DataType::kFloat) return as_doubles<float>(t);
  if (t.dtype() == DataType::kDouble) return as_doubles<double>(t);
  return t.dtype() == DataType::kBool ? as_doubles<uint8_t>(t) : std::vector<double>();
}

Status check_form(const Tensor& actual, const Tensor& like, DataType dtype) {
  if (actual.dtype() != dtype)
    return Error(fmt::format("type is {}, not {}", name_of(actual.dtype()), name_of(dtype)));
  if (actual.extents() != like.extents())
    return Error(fmt::format("extents are [{}]", fmt::join(actual.extents(), ",")));
  return Done{};
}

/// `count` of draws with this mean and variance of their sum.
Status check_count(double count, double mean, double variance) {
  if (std::fabs(count - mean) > 5 * std::sqrt(variance) + 1e-9)
    return Error(fmt::format("{} draws came true where {:.1f} were due", count, mean));
  return Done{};
}

template <DataType kType>
Status bernoulli(const Values& inputs, const Values& outputs) {
  const Tensor &p = inputs[0].tensor(), &drawn = outputs[0].tensor();
  KASURI_RETURN_IF_ERROR(check_form(drawn, p, kType));
  const std::vector<double> chances = numbers(p), draws = numbers(drawn);
  double ones = 0, mean = 0, variance = 0;
  for (size_t i = 0; i < draws.size(); ++i) {
    if (draws[i] != 0 && draws[i] != 1) return Error(fmt::format("a draw is {}", draws[i]));
    if (draws[i] == 1 && chances[i] <= 0) return Error("a 1 where its chance is 0");
    ones += draws[i];
    mean += chances[i];
    variance += chances[i] * (1 - chances[i]);
  }
  return check_count(ones, mean, variance);
}

/// Inputs: data, ratio, training_mode; outputs: data and, perhaps, the mask.
Status training_dropout(const Values& inputs, const Values& outputs) {
  const Tensor &x = inputs[0].tensor(), &y = outputs[0].tensor();
  const double ratio = inputs[1].present() ? numbers(inputs[1].tensor()).at(0) : 0.5;
  KASURI_RETURN_IF_ERROR(check_form(y, x, x.dtype()));
  const std::vector<double> before = numbers(x), after = numbers(y);
  std::vector<double> mask;
  if (outputs.size() > 1) {
    KASURI_RETURN_IF_ERROR(check_form(outputs[1].tensor(), x, DataType::kBool));
    mask = numbers(outputs[1].tensor());
  }
  double kept = 0;
  for (size_t i = 0; i < after.size(); ++i) {
    const double scaled = before[i] / (1 - ratio);
    const bool is_kept = std::fabs(after[i] - scaled) <= 1e-5 * std::fabs(scaled);
    if (!is_kept && after[i] != 0)
      return Error(fmt::format("element {} is {}, not 0 or {}", i, after[i], scaled));
    if (!mask.empty() && before[i] != 0 && is_kept != (mask[i] != 0))
      return Error(fmt::format("the mask says {} of element {}", mask[i], i));
    kept += is_kept ? 1 : 0;
  }
  const auto n = static_cast<double>(after.size());
  return check_count(kept, n * (1 - ratio), n * ratio * (1 - ratio));
}

}  // namespace

const RandomProperty* random_property(const std::string& case_name) {
  static const RandomProperty kSingle = bernoulli<DataType::kFloat>;
  static const RandomProperty kDouble = bernoulli<DataType::kDouble>;
  static const RandomProperty kDropout = training_dropout;
  static const std::map<std::string, const RandomProperty*> kProperties = {
      {"test_bernoulli", &kDouble},
      {"test_bernoulli_expanded", &kDouble},
      {"test_bernoulli_double", &kDouble},
      {"test_bernoulli_double_expanded", &kDouble},
      {"test_bernoulli_seed", &kSingle},
      {"test_bernoulli_seed_expanded", &kSingle},
      {"test_training_dropout", &kDropout},
      {"test_training_dropout_default", &kDropout},
      {"test_training_dropout_default_mask", &kDropout},
      {"test_training_dropout_mask", &kDropout},
  };
  const auto it = kProperties.find(case_name);
  return it == kProperties.end() ? nullptr : it->second;
}

}  // namespace kasuri::testing
