#include "engine/backend/reference/context.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/base/memory_use.h"
#include "engine/ir/extent_limits.h"

namespace kasuri::reference {
namespace {

thread_local const Context* current = nullptr;

/// Rounded up, and INT64_MAX where it is more.
int64_t bytes_of_bits(int64_t count, int64_t bits) {
  int64_t total = 0;
  if (__builtin_mul_overflow(count, bits, &total)) return std::numeric_limits<int64_t>::max();
  return total / 8 + (total % 8 != 0 ? 1 : 0);
}

}  // namespace

Context::Context(const Graph& graph, const Node& node, std::span<const RuntimeValue> inputs,
                 const Surroundings& surroundings)
    : graph_(graph),
      node_(node),
      inputs_(inputs),
      outputs_(node.outputs.size()),
      surroundings_(surroundings),
      outer_(std::exchange(current, this)) {}

Context::~Context() { current = outer_; }

void require_room_here(int64_t count, size_t each) {
  if (current != nullptr) current->require_room(count, each, "numbers of an input");
}

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
  require(are_possible(extents), "extents {} make no tensor", text_of(extents));
  return *element_count(extents);
}

void Context::require_bytes(int64_t bytes, const std::function<std::string()>& what) const {
  const int64_t limit = surroundings_.memory_limit;
  const int64_t taken = std::max<int64_t>(0, live_tensor_bytes() - surroundings_.alive_before);
  if (bytes <= limit && taken <= limit - bytes) return;
  fail(
      fmt::format("{} would need {} bytes; of the {} bytes that tensors of this run may take "
                  "{} are in use (--memory-limit sets another limit)",
                  what(), bytes, limit, taken));
}

void Context::require_room(int64_t count, size_t each, std::string_view what) const {
  require_bytes(bytes_of_bits(count, static_cast<int64_t>(each) * 8),
                [&] { return std::string(what); });
}

int64_t Context::scratch_count(const Extents& extents, size_t each) const {
  const int64_t n = count(extents);
  require_bytes(bytes_of_bits(n, static_cast<int64_t>(each) * 8),
                [&] { return "a result " + text_of(extents); });
  return n;
}

FreshTensor Context::fresh(DataType dtype, Extents extents) const {
  require_bytes(bytes_of_bits(count(extents), std::max(1, bits_of(dtype))),
                [&] { return fmt::format("a result {} of {}", text_of(extents), name_of(dtype)); });
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
