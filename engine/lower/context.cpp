#include "engine/lower/context.h"

#include <fmt/format.h>

#include <limits>

#include "engine/ir/shape.h"

namespace kasuri::lower {
namespace {

template <typename T>
std::vector<double> numbers_of(const Tensor& t) {
  const auto data = t.data<T>();
  return {data.begin(), data.end()};
}

std::optional<std::vector<double>> numbers_of(const Tensor& t) {
  switch (t.dtype()) {
    case DataType::kFloat:
      return numbers_of<float>(t);
    case DataType::kDouble:
      return numbers_of<double>(t);
    case DataType::kInt8:
      return numbers_of<int8_t>(t);
    case DataType::kUint8:
    case DataType::kBool:
      return numbers_of<uint8_t>(t);
    case DataType::kInt16:
      return numbers_of<int16_t>(t);
    case DataType::kUint16:
      return numbers_of<uint16_t>(t);
    case DataType::kInt32:
      return numbers_of<int32_t>(t);
    case DataType::kUint32:
      return numbers_of<uint32_t>(t);
    default:
      return std::nullopt;
  }
}

Scalar literal_of(const Tensor& t) {
  if (t.dtype() == DataType::kInt64)
    return loops::literal_int(DataType::kInt64, t.data<int64_t>()[0]);
  const auto value = numbers_of(t);
  if (!value) return nullptr;
  if (is_integer(t.dtype()))
    return loops::literal_int(t.dtype(), static_cast<int64_t>((*value)[0]));
  return loops::literal(t.dtype(), (*value)[0]);
}

}  // namespace

std::optional<std::vector<int64_t>> Context::constant_ints(size_t i) const {
  const Tensor* t = constant(i);
  if (t == nullptr) return std::nullopt;
  if (t->dtype() == DataType::kInt64)
    return std::vector<int64_t>(t->data<int64_t>().begin(), t->data<int64_t>().end());
  if (t->dtype() == DataType::kInt32)
    return std::vector<int64_t>(t->data<int32_t>().begin(), t->data<int32_t>().end());
  return std::nullopt;
}

std::optional<std::vector<double>> Context::constant_numbers(size_t i) const {
  const Tensor* t = constant(i);
  if (t == nullptr) return std::nullopt;
  return numbers_of(*t);
}

Scalar Context::load(size_t i, Indices at) const {
  const Tensor* t = constant(i);
  if (t != nullptr && t->count() == 1)
    if (Scalar literal = literal_of(*t)) return literal;
  return load_buffer(input(i), std::move(at));
}

Scalar Context::load_buffer(int buffer, Indices at) const {
  return loops::load(buffer, loops::compute_type(nest_.buffers.at(buffer).dtype), std::move(at));
}

Scalar Context::load_broadcast(size_t i) {
  if (!broadcasts_to(in_extents(i), out_extents()))
    misfit_ = fmt::format("[{}] does not broadcast to [{}]", fmt::join(in_extents(i), ","),
                          fmt::join(out_extents(), ","));
  return load(i, broadcast_indices(in_extents(i), static_cast<int>(out_extents().size())));
}

int Context::local(const std::string& name, DataType dtype, Extents extents) {
  return nest_.add_buffer(loops::make_buffer(node_.name + "." + name, dtype, std::move(extents),
                                             loops::BufferRole::kLocal));
}

void Context::map(int out, Scalar body) {
  const Extents domain = extents(out);
  map(out, domain, std::move(body), loops::identity(static_cast<int>(domain.size())));
}

void Context::map(int out, Extents domain, Scalar body, Indices out_index) {
  loops::Stage stage;
  stage.kind = loops::StageKind::kMap;
  stage.domain = std::move(domain);
  stage.body = std::move(body);
  stage.out = out;
  stage.out_index = std::move(out_index);
  nest_.stages.push_back(std::move(stage));
}

void Context::reduce(int out, Extents domain, int reduce_rank, loops::ReduceOp op, Scalar body,
                     Indices out_index) {
  loops::Stage stage;
  stage.kind = loops::StageKind::kReduce;
  stage.domain = std::move(domain);
  stage.reduce_rank = reduce_rank;
  stage.op = op;
  stage.body = std::move(body);
  stage.out = out;
  stage.out_index = std::move(out_index);
  nest_.stages.push_back(std::move(stage));
}

Error Context::declined(const std::string& reason) const {
  return Error::unavailable(node_.op.text() + ": " + reason);
}

Indices broadcast_indices(const Extents& from, int rank) {
  Indices at;
  const int shift = rank - static_cast<int>(from.size());
  for (size_t k = 0; k < from.size(); ++k)
    at.push_back(from[k] == 1 ? loops::constant(0) : loops::variable(static_cast<int>(k) + shift));
  return at;
}

bool broadcasts_to(const Extents& from, const Extents& domain) {
  if (from.size() > domain.size()) return false;
  const size_t shift = domain.size() - from.size();
  for (size_t k = 0; k < from.size(); ++k)
    if (from[k] != 1 && from[k] != domain[k + shift]) return false;
  return true;
}

int64_t normal_axis(int64_t axis, int64_t rank) { return axis < 0 ? axis + rank : axis; }

Index linearise(const Indices& at, const Extents& extents) {
  const auto strides = contiguous_strides(extents);
  Index sum = loops::constant(0);
  for (size_t k = 0; k < at.size(); ++k) sum = loops::add(sum, loops::mul(at[k], strides[k]));
  return sum;
}

Indices delinearise(const Index& linear, const Extents& extents) {
  const auto strides = contiguous_strides(extents);
  Indices at;
  for (size_t k = 0; k < extents.size(); ++k) {
    if (extents[k] <= 1) {
      at.push_back(loops::constant(0));
      continue;
    }
    Index digit = loops::floor_div(linear, strides[k]);
    at.push_back(k == 0 ? digit : loops::mod(digit, extents[k]));
  }
  return at;
}

Scalar in_range(const Index& index, int64_t low, int64_t high) {
  const Scalar value = loops::index_value(index);
  const Scalar above = loops::binary(loops::BinaryOp::kGreaterEqual, value,
                                     loops::literal_int(DataType::kInt64, low));
  const Scalar below =
      loops::binary(loops::BinaryOp::kLess, value, loops::literal_int(DataType::kInt64, high));
  return loops::binary(loops::BinaryOp::kAnd, above, below);
}

Scalar number(DataType type, double value) {
  const DataType compute = loops::compute_type(type);
  if (is_integer(compute)) return loops::literal_int(compute, static_cast<int64_t>(value));
  return loops::literal(compute, value);
}

namespace {

int64_t integer_limit(DataType type, bool low) {
  const int bits = bits_of(type);
  if (is_signed_integer(type)) {
    const int64_t high =
        bits >= 64 ? std::numeric_limits<int64_t>::max() : (int64_t{1} << (bits - 1)) - 1;
    return low ? -high - 1 : high;
  }
  if (low) return 0;
  return bits >= 64 ? -1 : (int64_t{1} << bits) - 1;
}

Scalar limit(DataType stored, bool low) {
  const DataType type = loops::compute_type(stored);
  if (type == DataType::kBool) return loops::literal(type, low ? 0 : 1);
  if (is_integer(type)) return loops::literal_int(type, integer_limit(type, low));
  const double infinity = std::numeric_limits<double>::infinity();
  return loops::literal(type, low ? -infinity : infinity);
}

}  // namespace

Scalar lowest(DataType type) { return limit(type, true); }
Scalar highest(DataType type) { return limit(type, false); }

}  // namespace kasuri::lower
