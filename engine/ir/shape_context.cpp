#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/ir/shape_inference/context.h"

namespace kasuri::shape_inference {
namespace {

constexpr int64_t kLargestList = 65536;

const ValueType kUnknown;

template <typename To, typename From>
std::vector<To> converted(const Tensor& tensor) {
  const auto data = tensor.data<From>();
  return {data.begin(), data.end()};
}

template <typename To>
std::optional<std::vector<To>> integers_of(const Tensor& t) {
  switch (t.dtype()) {
    case DataType::kInt64:
      return converted<To, int64_t>(t);
    case DataType::kInt32:
      return converted<To, int32_t>(t);
    case DataType::kInt16:
      return converted<To, int16_t>(t);
    case DataType::kInt8:
      return converted<To, int8_t>(t);
    case DataType::kUint64:
      return converted<To, uint64_t>(t);
    case DataType::kUint32:
      return converted<To, uint32_t>(t);
    case DataType::kUint16:
      return converted<To, uint16_t>(t);
    case DataType::kUint8:
    case DataType::kBool:
      return converted<To, uint8_t>(t);
    default:
      return std::nullopt;
  }
}

double from_bits(uint16_t bits, int exponent_bits) {
  const int mantissa_bits = 15 - exponent_bits;
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const int exponent = (bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
  const int mantissa = bits & ((1 << mantissa_bits) - 1);
  const double sign = (bits & 0x8000) ? -1 : 1;
  if (exponent == (1 << exponent_bits) - 1) return mantissa ? NAN : sign * INFINITY;
  const double fraction = std::ldexp(mantissa, -mantissa_bits) + (exponent ? 1 : 0);
  return sign * std::ldexp(fraction, (exponent ? exponent : 1) - bias);
}

std::vector<double> halves_of(const Tensor& t, int exponent_bits) {
  std::vector<double> out;
  for (uint16_t bits : t.data<uint16_t>()) out.push_back(from_bits(bits, exponent_bits));
  return out;
}

std::optional<std::vector<double>> numbers_of(const Tensor& t) {
  switch (t.dtype()) {
    case DataType::kFloat:
      return converted<double, float>(t);
    case DataType::kDouble:
      return converted<double, double>(t);
    case DataType::kFloat16:
      return halves_of(t, 5);
    case DataType::kBfloat16:
      return halves_of(t, 8);
    default:
      return integers_of<double>(t);
  }
}

}  // namespace

Context::Context(const Node& node, std::span<const Input> inputs, BodyInference* bodies)
    : node_(node), inputs_(inputs), bodies_(bodies), outputs_(node.outputs.size()) {}

const ValueType& Context::type(size_t i) const { return has(i) ? *inputs_[i].type : kUnknown; }

int Context::rank(size_t i) const {
  const MaybeShape& s = shape(i);
  return s ? static_cast<int>(s->size()) : -1;
}

Dim Context::dim(size_t i, int64_t axis) const {
  const int r = rank(i);
  if (axis < 0) axis += r;
  return r < 0 || axis < 0 || axis >= r ? Dim() : (*shape(i))[static_cast<size_t>(axis)];
}

Dim Context::elements(size_t i) const {
  const MaybeShape& s = shape(i);
  return s ? product(*s, 0, s->size()) : Dim();
}

std::optional<Integers> Context::ints(size_t i) const {
  const Tensor* t = constant(i);
  if (t == nullptr || t->count() > kLargestList) return std::nullopt;
  return integers_of<int64_t>(*t);
}

std::optional<std::vector<double>> Context::numbers(size_t i) const {
  const Tensor* t = constant(i);
  if (t == nullptr || t->count() > kLargestList) return std::nullopt;
  return numbers_of(*t);
}

std::optional<int64_t> Context::integer_at(size_t i) const {
  const Tensor* t = constant(i);
  if (t == nullptr || t->count() != 1) return std::nullopt;
  const auto values = integers_of<int64_t>(*t);
  return values ? std::optional(values->front()) : std::nullopt;
}

std::optional<double> Context::number_at(size_t i) const {
  const Tensor* t = constant(i);
  if (t == nullptr || t->count() != 1) return std::nullopt;
  const auto values = numbers_of(*t);
  return values ? std::optional(values->front()) : std::nullopt;
}

template <typename T>
const T* Context::attribute(const char* name) {
  const Attribute* a = node_.find(name);
  if (a == nullptr) return nullptr;
  const T* value = std::get_if<T>(a);
  if (value == nullptr) fail(fmt::format("attribute '{}' has the wrong type", name));
  return value;
}

int64_t Context::integer(const char* name, int64_t fallback) {
  const auto* v = attribute<int64_t>(name);
  return v ? *v : fallback;
}
double Context::real(const char* name, double fallback) {
  const auto* v = attribute<float>(name);
  return v ? *v : fallback;
}
std::string Context::text(const char* name, const char* fallback) {
  const auto* v = attribute<std::string>(name);
  return v ? *v : fallback;
}
std::optional<Integers> Context::list(const char* name) {
  const auto* v = attribute<Integers>(name);
  return v ? std::optional(*v) : std::nullopt;
}
const Tensor* Context::tensor(const char* name) { return attribute<Tensor>(name); }
const Graph* Context::graph(const char* name) {
  const auto* v = attribute<GraphPointer>(name);
  return v ? v->get() : nullptr;
}
const ValueType* Context::type_attribute(const char* name) { return attribute<ValueType>(name); }

DataType Context::data_type(const char* name, DataType fallback) {
  const int64_t v = integer(name, static_cast<int64_t>(fallback));
  if (v >= 0 && v <= static_cast<int64_t>(DataType::kInt2)) return static_cast<DataType>(v);
  fail(fmt::format("attribute '{}' = {} is no data type", name, v));
  return fallback;
}

ListArgument Context::list_argument(const char* name, size_t i) {
  if (has_attribute(name)) return {true, list(name)};
  if (has(i)) return {true, ints(i)};
  return {};
}

std::optional<int> Context::axis(int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) {
    fail(fmt::format("axis {} is outside a tensor of rank {}", axis, rank));
    return std::nullopt;
  }
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::optional<std::vector<int>> Context::axes(const Integers& axes, int rank) {
  std::vector<int> out;
  for (int64_t a : axes) {
    const auto normal = axis(a, rank);
    if (!normal) return std::nullopt;
    if (std::find(out.begin(), out.end(), *normal) != out.end()) {
      fail(fmt::format("axis {} is given twice", a));
      return std::nullopt;
    }
    out.push_back(*normal);
  }
  return out;
}

void Context::set(size_t output, ValueType type) {
  if (output < outputs_.size()) outputs_[output] = std::move(type);
}
void Context::set(size_t output, DataType dtype, MaybeShape shape) {
  set(output, ValueType::tensor(dtype, std::move(shape)));
}

bool Context::want_rank(size_t i, int low, int high) {
  const int r = rank(i);
  if (r < 0) return false;
  if (r >= low && r <= high) return true;
  const std::string wanted = low == high   ? fmt::format("{}", low)
                             : high > 1000 ? fmt::format("at least {}", low)
                                           : fmt::format("{} to {}", low, high);
  fail(fmt::format("input {} has rank {}, wanted {}", i, r, wanted));
  return false;
}

bool Context::want_count(const Integers& list, size_t count, const char* what) {
  if (list.size() == count) return true;
  fail(fmt::format("{} has {} entries, wanted {}", what, list.size(), count));
  return false;
}

bool Context::want_input(size_t i) {
  if (has(i)) return true;
  fail(fmt::format("input {} is missing", i));
  return false;
}

MaybeShape Context::broadcast_inputs(size_t begin, size_t end) {
  MaybeShape out = Shape{};
  for (size_t i = begin; i < end && i < inputs(); ++i) {
    if (!has(i)) continue;
    if (!shape(i)) return std::nullopt;
    MaybeShape next = broadcast(*out, *shape(i));
    if (!next) {
      fail(fmt::format("the shapes {} and {} do not broadcast", text_of(*out), text_of(*shape(i))));
      return std::nullopt;
    }
    out = std::move(next);
  }
  return out;
}

Dim Context::match(const Dim& a, const Dim& b, const char* what) {
  if (conflict(a, b)) fail(fmt::format("{}: {} against {}", what, a.text(), b.text()));
  return refine(a, b);
}

std::optional<std::vector<ValueType>> Context::body_outputs(const Graph& body,
                                                            const std::vector<ValueType>& inputs) {
  if (bodies_ == nullptr) return std::vector<ValueType>(body.outputs().size());
  auto result = bodies_->body_outputs(node_, body, inputs);
  if (result.ok()) return std::move(result).value();
  if (!error_) error_ = std::move(result).error();
  return std::nullopt;
}

void Context::fail(std::string message) {
  if (!error_) error_ = Error(std::move(message));
}

Result<std::vector<ValueType>> Context::take() {
  if (error_) return std::move(*error_);
  return std::move(outputs_);
}

}  // namespace kasuri::shape_inference
