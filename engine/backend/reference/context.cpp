#include "engine/backend/reference/context.h"

#include <algorithm>
#include <limits>

namespace kasuri::reference {

const RuntimeValue& Context::value(size_t i) const {
  static const RuntimeValue kAbsent;
  return i < inputs_.size() ? inputs_[i] : kAbsent;
}

const Tensor& Context::in(size_t i) const {
  require(has(i), "input {} is missing", i);
  require(inputs_[i].is_tensor(), "input {} must be a tensor", i);
  return inputs_[i].tensor();
}

const TensorSequence& Context::sequence(size_t i) const {
  require(has(i) && inputs_[i].is_sequence(), "input {} must be a sequence", i);
  return inputs_[i].items();
}

std::vector<int64_t> Context::ints(size_t i, std::vector<int64_t> fallback) const {
  if (!has(i)) return fallback;
  require(is_integer(in(i).dtype()) || in(i).dtype() == DataType::kBool,
          "input {} must hold integers", i);
  return elements<int64_t>(in(i));
}

double Context::number(size_t i, double fallback) const {
  if (!has(i)) return fallback;
  require(in(i).count() == 1, "input {} must be one number", i);
  require(in(i).dtype() != DataType::kString, "input {} must be a number", i);
  return elements<double>(in(i))[0];
}

int64_t Context::integer(size_t i, int64_t fallback) const {
  if (!has(i)) return fallback;
  const std::vector<int64_t> values = ints(i);
  require(values.size() == 1, "input {} must be one integer", i);
  return values[0];
}

std::vector<int64_t> Context::ints_of(const std::string& name, size_t i) const {
  return has(i) ? ints(i) : node_.get_ints(name);
}

void Context::set(size_t i, RuntimeValue value) {
  if (i < outputs_.size()) outputs_[i] = std::move(value);
}

int64_t Context::count(const Extents& extents) const {
  const std::optional<int64_t> n = element_count(extents);
  require(n.has_value(), "extents {} make no tensor", text_of(extents));
  return *n;
}

FreshTensor Context::fresh(DataType dtype, Extents extents) const {
  const int64_t n = count(extents);
  const int bits = std::max(1, bits_of(dtype));
  const bool fits = n <= std::numeric_limits<int64_t>::max() / bits - 1 &&
                    n * bits / 8 <= surroundings_.memory_limit;
  require(fits, "a result {} of {} would need {} bytes, more than the limit of {}",
          text_of(extents), name_of(dtype), static_cast<double>(n) * bits / 8,
          surroundings_.memory_limit);
  FreshTensor out;
  out.tensor = Tensor::make(dtype, std::move(extents), [&](std::span<std::byte> bytes) {
    std::fill(bytes.begin(), bytes.end(), std::byte{0});
    out.bytes = bytes;
  });
  return out;
}

Tensor Context::pack_strings(Extents extents, std::vector<std::string> values) const {
  require(count(extents) == static_cast<int64_t>(values.size()), "extents {} of {} strings",
          text_of(extents), values.size());
  return Tensor::strings(std::move(extents), std::move(values));
}

int Context::axis(int64_t axis, int64_t rank) const {
  require(axis >= -rank && axis < rank, "axis {} is outside a tensor of rank {}", axis, rank);
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::vector<int> Context::axes(const std::vector<int64_t>& axes, int64_t rank) const {
  std::vector<int> out;
  for (int64_t a : axes) out.push_back(axis(a, rank));
  return out;
}

void Context::poll() const {
  if (surroundings_.task->cancel.cancelled()) throw KernelFailure{Error::cancelled()};
}

std::vector<RuntimeValue> Context::run_body(const Graph& body,
                                            std::vector<RuntimeValue> inputs) const {
  auto result = surroundings_.run_body(body, std::move(inputs));
  if (!result.ok()) throw KernelFailure{std::move(result).error()};
  return *std::move(result);
}

std::string text_of(const Extents& extents) { return fmt::format("[{}]", fmt::join(extents, ",")); }

int64_t product(const Extents& extents, size_t first, size_t last) {
  int64_t out = 1;
  for (size_t i = first; i < std::min(last, extents.size()); ++i) out *= extents[i];
  return out;
}

}  // namespace kasuri::reference
