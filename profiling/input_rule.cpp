#include "profiling/input_rule.h"

#include <fmt/format.h>

#include <charconv>

namespace kasuri::profiling {
namespace {

using Kind = SeededRule::Kind;

SeededRule constant(double value) { return {.kind = Kind::kConstant, .low = value}; }

Result<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return Error(fmt::format("'{}' is not a number", text));
  return value;
}

Result<std::vector<double>> numbers(std::string_view text) {
  std::vector<double> out;
  while (!text.empty()) {
    const size_t colon = text.find(':');
    KASURI_TRY(const double value, number(text.substr(0, colon)));
    out.push_back(value);
    text = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  }
  return out;
}

SeededRule range(double low, double high, DataType dtype) {
  if (is_float(dtype)) return {.low = low, .high = high};
  return {.kind = Kind::kModulo,
          .modulus = static_cast<int64_t>(high - low) + 1,
          .offset = static_cast<int64_t>(low)};
}

}  // namespace

InputRule default_rule(const std::string& name, DataType dtype, uint64_t seed) {
  const auto named = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  InputRule rule{{}, seed == 0 ? name : fmt::format("{}#{}", name, seed)};
  if (is_float(dtype)) {
    if (named("attention_mask")) rule.values = constant(1);
  } else if (dtype == DataType::kBool) {
    rule.values = {.kind = Kind::kModulo, .modulus = 2};
  } else if (named("mask")) {
    rule.values = constant(1);
  } else if (named("token_type") || named("segment")) {
    rule.values = constant(0);
  } else if (named("position")) {
    rule.values = {.kind = Kind::kArangeLast};
  } else {
    rule.values = {.kind = Kind::kModulo, .modulus = 8};
  }
  return rule;
}

bool looks_like_rule(std::string_view text) {
  for (std::string_view prefix : {"seed:", "range:", "mod:", "const:"})
    if (text.starts_with(prefix)) return true;
  return text == "arange";
}

Result<InputRule> parse_rule(std::string_view text, const std::string& name, DataType dtype) {
  const std::string_view kind = text.substr(0, text.find(':'));
  const std::string_view rest = kind.size() < text.size() ? text.substr(kind.size() + 1) : "";
  KASURI_TRY_IN(const std::vector<double> given, numbers(rest),
                fmt::format("input rule '{}'", text));
  InputRule rule = default_rule(name, dtype);
  if (kind == "seed" && given.size() == 1 && given[0] >= 0)
    return default_rule(name, dtype, static_cast<uint64_t>(given[0]));
  if (kind == "range" && given.size() == 2 && given[1] >= given[0]) {
    rule.values = range(given[0], given[1], dtype);
  } else if (kind == "mod" && (given.size() == 1 || given.size() == 2) && given[0] >= 1) {
    rule.values = {.kind = Kind::kModulo,
                   .modulus = static_cast<int64_t>(given[0]),
                   .offset = given.size() == 2 ? static_cast<int64_t>(given[1]) : 0};
  } else if (kind == "const" && given.size() == 1) {
    rule.values = constant(given[0]);
  } else if (kind == "arange" && given.empty()) {
    rule.values = {.kind = Kind::kArangeLast};
  } else {
    return Error(fmt::format(
        "'{}' is no input rule; write seed:N, range:LO:HI, mod:K[:ADD], const:V or arange", text));
  }
  return rule;
}

}  // namespace kasuri::profiling
