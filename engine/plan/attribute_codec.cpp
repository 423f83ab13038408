#include "engine/plan/attribute_codec.h"

#include <bit>

#include "engine/ir/extent_limits.h"
#include "engine/plan/graph_codec.h"

namespace kasuri {
namespace {

constexpr int kDeepestType = 8;
constexpr uint64_t kDataTypes = 27;
constexpr size_t kLargestRank = 64;

template <typename T, typename Write>
void write_list(ByteWriter& out, const std::vector<T>& items, Write write) {
  out.number(items.size());
  for (const T& item : items) write(item);
}

template <typename T, typename Read>
std::vector<T> read_list(ByteReader& in, Read read) {
  std::vector<T> items;
  const size_t count = in.count();
  for (size_t k = 0; k < count && in.ok(); ++k) items.push_back(read());
  return items;
}

float read_float(ByteReader& in) {
  return std::bit_cast<float>(static_cast<uint32_t>(in.number()));
}
void write_float(ByteWriter& out, float x) { out.number(std::bit_cast<uint32_t>(x)); }

struct AttributeWriter {
  ByteWriter& out;
  WeightSection& weights;

  void operator()(int64_t x) const { out.signed_number(x); }
  void operator()(float x) const { write_float(out, x); }
  void operator()(const std::string& x) const { out.text(x); }
  void operator()(const Tensor& x) const { write_tensor(out, weights, x); }
  void operator()(const GraphPointer& x) const { write_graph(out, weights, *x); }
  void operator()(const ValueType& x) const { write_type(out, x); }
  template <typename T>
  void operator()(const std::vector<T>& list) const {
    write_list(out, list, *this);
  }
};

GraphPointer read_body(ByteReader& in, const MappedWeights& weights, int depth) {
  auto graph = read_graph(in, weights, depth + 1);
  if (!graph.ok()) {
    in.fail();
    return std::make_shared<const Graph>();
  }
  return std::make_shared<const Graph>(std::move(*graph));
}

}  // namespace

void write_type(ByteWriter& out, const ValueType& type) {
  out.number(static_cast<uint64_t>(type.kind));
  out.number(static_cast<uint64_t>(type.dtype));
  out.number(type.shape.has_value());
  if (type.shape)
    write_list(out, *type.shape, [&](const Dim& dim) {
      out.signed_number(dim.value());
      out.text(dim.symbol());
    });
  out.number(type.element != nullptr);
  if (type.element) write_type(out, *type.element);
}

ValueType read_type(ByteReader& in, int depth) {
  ValueType type;
  if (depth > kDeepestType) in.fail();
  type.kind = static_cast<ValueType::Kind>(in.below(4));
  type.dtype = static_cast<DataType>(in.below(kDataTypes));
  if (in.below(2) == 1) {
    type.shape = read_list<Dim>(in, [&] {
      const int64_t value = in.signed_number();
      std::string symbol = in.text();
      if (value >= 0) return Dim(value);
      return symbol.empty() ? Dim::unknown() : Dim::symbol(std::move(symbol));
    });
    if (type.shape->size() > kLargestRank) in.fail();
    if (const auto extents = extents_of(*type.shape); extents && !are_possible(*extents)) in.fail();
  }
  if (in.below(2) == 1 && in.ok())
    type.element = std::make_shared<const ValueType>(read_type(in, depth + 1));
  const bool container = type.kind != ValueType::Kind::kTensor;
  if (container && !type.element) in.fail();
  return type;
}

void write_tensor(ByteWriter& out, WeightSection& weights, const Tensor& tensor) {
  out.number(static_cast<uint64_t>(tensor.dtype()));
  write_list(out, tensor.extents(), [&](int64_t e) { out.signed_number(e); });
  if (tensor.dtype() == DataType::kString)
    write_list(out, tensor.strings(), [&](const std::string& s) { out.text(s); });
  else
    out.number(weights.place(tensor));
}

Tensor read_tensor(ByteReader& in, const MappedWeights& weights) {
  const auto dtype = static_cast<DataType>(in.below(kDataTypes));
  const auto extents = read_list<int64_t>(in, [&] { return in.signed_number(); });
  const auto count = element_count(extents);
  if (!count || dtype == DataType::kUndefined || !are_possible(extents)) in.fail();
  if (!in.ok()) return Tensor();
  if (dtype == DataType::kString) {
    auto strings = read_list<std::string>(in, [&] { return in.text(); });
    if (!in.ok() || static_cast<int64_t>(strings.size()) != *count) {
      in.fail();
      return Tensor();
    }
    return Tensor::strings(extents, std::move(strings));
  }
  const uint64_t offset = in.number();
  if (offset % 64 != 0 || offset > weights.bytes.size() ||
      bytes_for(dtype, *count) > weights.bytes.size() - offset) {
    in.fail();
    return Tensor();
  }
  return Tensor::view(dtype, extents, weights.bytes.subspan(offset), weights.owner);
}

void write_attribute(ByteWriter& out, WeightSection& weights, const Attribute& attribute) {
  out.number(attribute.index());
  std::visit(AttributeWriter{out, weights}, attribute);
}

Attribute read_attribute(ByteReader& in, const MappedWeights& weights, int depth) {
  switch (in.below(std::variant_size_v<Attribute>)) {
    case 0:
      return in.signed_number();
    case 1:
      return read_float(in);
    case 2:
      return in.text();
    case 3:
      return read_tensor(in, weights);
    case 4:
      return read_body(in, weights, depth);
    case 5:
      return read_type(in);
    case 6:
      return read_list<int64_t>(in, [&] { return in.signed_number(); });
    case 7:
      return read_list<float>(in, [&] { return read_float(in); });
    case 8:
      return read_list<std::string>(in, [&] { return in.text(); });
    case 9:
      return read_list<Tensor>(in, [&] { return read_tensor(in, weights); });
    case 10:
      return read_list<GraphPointer>(in, [&] { return read_body(in, weights, depth); });
    default:
      return read_list<ValueType>(in, [&] { return read_type(in); });
  }
}

}  // namespace kasuri
