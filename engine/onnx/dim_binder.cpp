#include "engine/onnx/dim_binder.h"

#include <cctype>
#include <charconv>

#include "engine/ir/extent_limits.h"
#include "engine/onnx/type_reader.h"

namespace kasuri::onnx {
namespace {

constexpr int64_t kLargestExtent = int64_t{1} << 40;

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.front()))) s.remove_prefix(1);
  while (!s.empty() && std::isspace(static_cast<unsigned char>(s.back()))) s.remove_suffix(1);
  return s;
}

/// Is `name` a term of the expression, and not just a part of one?
bool mentions(std::string_view expression, std::string_view name) {
  const size_t end = expression.find_first_of("+*");
  if (trimmed(expression.substr(0, end)) == name) return true;
  return end != std::string_view::npos && mentions(expression.substr(end + 1), name);
}

}  // namespace

/// Sums and products without brackets, as exporters write them: "past_sequence_length + 1".
std::optional<int64_t> DimBinder::evaluate(const std::string& expression) const {
  const std::string_view all = trimmed(expression);
  for (const char op : {'+', '*'}) {
    const size_t at = all.rfind(op);
    if (at == std::string_view::npos) continue;
    const auto left = evaluate(std::string(all.substr(0, at)));
    const auto right = evaluate(std::string(all.substr(at + 1)));
    int64_t out = 0;
    if (!left || !right) return std::nullopt;
    const bool overflow = op == '+' ? __builtin_add_overflow(*left, *right, &out)
                                    : __builtin_mul_overflow(*left, *right, &out);
    return overflow ? std::nullopt : std::optional(out);
  }
  int64_t number = 0;
  const auto [stop, failed] = std::from_chars(all.data(), all.data() + all.size(), number);
  if (failed == std::errc() && stop == all.data() + all.size()) return number;
  if (const auto it = options_.dims.find(std::string(all)); it != options_.dims.end())
    return it->second;
  return std::nullopt;
}

Result<Dim> DimBinder::bind_axis(const std::string& input, int axis, const Dim& declared) {
  const std::string place = input + ":" + std::to_string(axis);
  const auto exact = options_.dims.find(place);
  if (exact != options_.dims.end()) used_[place] = true;
  if (declared.known()) {
    if (exact != options_.dims.end() && exact->second != declared.value())
      return Error("dimension " + place + " is fixed at " + declared.text() +
                   " by the file and cannot be " + std::to_string(exact->second));
    return declared;
  }
  DimBinding binding{input, axis, declared.symbol(), options_.default_dim, true};
  const auto named = options_.dims.find(declared.symbol());
  if (exact != options_.dims.end()) {
    binding.value = exact->second;
    binding.is_default = false;
  } else if (!declared.symbol().empty() && named != options_.dims.end()) {
    binding.value = named->second;
    binding.is_default = false;
    used_[declared.symbol()] = true;
  } else if (const auto value = evaluate(declared.symbol()); value && !declared.symbol().empty()) {
    binding.value = *value;
    binding.is_default = false;
  }
  if (binding.value < 0 || binding.value > kLargestExtent)
    return Error("dimension " + place + " cannot be " + std::to_string(binding.value));
  bindings_.push_back(binding);
  return Dim(binding.value);
}

Result<ValueType> DimBinder::bind(const std::string& input, const ValueType& declared) {
  ValueType type = declared;
  if (type.kind == ValueType::Kind::kOptional && type.element && type.element->is_tensor()) {
    KASURI_TRY(ValueType inner, bind(input, *type.element));
    type.element = std::make_shared<const ValueType>(std::move(inner));
    return type;
  }
  if (!type.is_tensor() || !type.shape) return without_symbols(type);
  std::vector<int64_t> extents;
  for (size_t axis = 0; axis < type.shape->size(); ++axis) {
    KASURI_TRY((*type.shape)[axis], bind_axis(input, static_cast<int>(axis), (*type.shape)[axis]));
    extents.push_back((*type.shape)[axis].value());
  }
  if (!are_possible(extents))
    return Error("input '" + input + "' has an impossible shape " + text_of(*type.shape));
  return type;
}

Status DimBinder::finish() const {
  if (options_.ignore_unknown_dims) return Done{};
  for (const auto& [name, value] : options_.dims) {
    if (used_.contains(name)) continue;
    bool part = false;
    std::string known;
    for (const DimBinding& b : bindings_) {
      part = part || mentions(b.symbol, name);
      known += (known.empty() ? "" : ", ") + b.input + ":" + std::to_string(b.axis) +
               (b.symbol.empty() ? "" : " (" + b.symbol + ")");
    }
    if (part) continue;
    return Error("the model has no dynamic dimension '" + name + "'; it has " +
                 (known.empty() ? "none" : known));
  }
  return Done{};
}

}  // namespace kasuri::onnx
