#include "engine/rewrite/pattern.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace kasuri {
namespace {

float half_to_float(uint16_t h) {
  const uint32_t sign = static_cast<uint32_t>(h & 0x8000) << 16;
  const int exponent = (h >> 10) & 31;
  const uint32_t mantissa = h & 1023;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000 | (mantissa << 13));
  if (exponent == 0) {
    const float value = static_cast<float>(mantissa) * 0x1p-24F;
    return sign ? -value : value;
  }
  return std::bit_cast<float>(sign | static_cast<uint32_t>(exponent + 112) << 23 | mantissa << 13);
}

template <typename T>
double first_as(const Tensor& t) {
  T value;
  std::memcpy(&value, t.bytes().data(), sizeof(T));
  return static_cast<double>(value);
}

std::optional<double> first_element(const Tensor& t) {
  switch (t.dtype()) {
    case DataType::kFloat:
      return first_as<float>(t);
    case DataType::kDouble:
      return first_as<double>(t);
    case DataType::kFloat16:
      return half_to_float(t.data<uint16_t>()[0]);
    case DataType::kBfloat16:
      return std::bit_cast<float>(static_cast<uint32_t>(t.data<uint16_t>()[0]) << 16);
    case DataType::kInt8:
      return first_as<int8_t>(t);
    case DataType::kUint8:
      return first_as<uint8_t>(t);
    case DataType::kInt16:
      return first_as<int16_t>(t);
    case DataType::kUint16:
      return first_as<uint16_t>(t);
    case DataType::kInt32:
      return first_as<int32_t>(t);
    case DataType::kUint32:
      return first_as<uint32_t>(t);
    case DataType::kInt64:
      return first_as<int64_t>(t);
    default:
      return std::nullopt;
  }
}

}  // namespace

const Node* producer_of(const Graph& graph, ValueId value) {
  if (!value.valid()) return nullptr;
  const NodeId id = graph.value(value).producer;
  return id.valid() ? &graph.node(id) : nullptr;
}

const Node* producer_if(const Graph& graph, ValueId value, std::string_view op) {
  const Node* node = producer_of(graph, value);
  return node && node->is(op) ? node : nullptr;
}

const Node* only_reader(const Graph& graph, ValueId value) {
  const Value& v = graph.value(value);
  if (v.consumers.size() != 1 || graph.is_output(value)) return nullptr;
  return &graph.node(v.consumers[0]);
}

bool is_captured(const Graph& graph, ValueId value) {
  const auto& readers = graph.value(value).consumers;
  return std::any_of(readers.begin(), readers.end(), [&](NodeId id) {
    const Node& n = graph.node(id);
    if (!has_body(n)) return false;
    const auto captured = captured_values(graph, n);
    return std::binary_search(captured.begin(), captured.end(), value);
  });
}

bool is_any_of(const Node& node, std::initializer_list<std::string_view> ops) {
  return node.op.domain.empty() && std::find(ops.begin(), ops.end(), node.op.name) != ops.end();
}

bool has_body(const Node& node) {
  return std::any_of(node.attributes.begin(), node.attributes.end(), [](const auto& entry) {
    return std::holds_alternative<GraphPointer>(entry.second) ||
           std::holds_alternative<std::vector<GraphPointer>>(entry.second);
  });
}

std::optional<std::vector<int64_t>> static_extents(const Graph& graph, ValueId value) {
  if (!value.valid()) return std::nullopt;
  const ValueType& type = graph.value(value).type;
  if (!type.is_static_tensor()) return std::nullopt;
  return extents_of(*type.shape);
}

std::optional<DataType> dtype_of(const Graph& graph, ValueId value) {
  if (!value.valid()) return std::nullopt;
  const ValueType& type = graph.value(value).type;
  if (!type.is_tensor() || type.dtype == DataType::kUndefined) return std::nullopt;
  return type.dtype;
}

bool same_type(const Graph& graph, ValueId a, ValueId b) {
  if (!a.valid() || !b.valid()) return false;
  const ValueType& type = graph.value(a).type;
  return type.is_static_tensor() && type == graph.value(b).type;
}

int64_t bytes_of(const Graph& graph, ValueId value) {
  const auto extents = static_extents(graph, value);
  const auto count = extents ? element_count(*extents) : std::nullopt;
  return count ? static_cast<int64_t>(bytes_for(graph.value(value).type.dtype, *count)) : 0;
}

std::optional<double> scalar_of(const Graph& graph, ValueId value) {
  if (!value.valid()) return std::nullopt;
  const Value& v = graph.value(value);
  if (!v.constant || v.constant->count() != 1) return std::nullopt;
  return first_element(*v.constant);
}

std::optional<std::vector<int64_t>> integers_of(const Graph& graph, ValueId value) {
  if (!value.valid() || !graph.value(value).constant) return std::nullopt;
  const Tensor& t = *graph.value(value).constant;
  if (t.dtype() == DataType::kInt64) {
    const auto data = t.data<int64_t>();
    return std::vector<int64_t>(data.begin(), data.end());
  }
  if (t.dtype() != DataType::kInt32) return std::nullopt;
  const auto data = t.data<int32_t>();
  return std::vector<int64_t>(data.begin(), data.end());
}

std::optional<std::vector<int64_t>> integers_of(const Graph& graph, const Node& node,
                                                const std::string& attribute, size_t index) {
  if (node.has(attribute)) return node.get_ints(attribute);
  return integers_of(graph, node.input(index));
}

bool is_elementwise(const Node& node) {
  static constexpr std::string_view kNames =
      " Abs Acos Acosh Add And Asin Asinh Atan Atanh BitwiseAnd BitwiseNot BitwiseOr "
      "BitwiseXor BitShift Cast CastLike Ceil Celu Clip Cos Cosh Div Elu Equal Erf Exp "
      "Floor Gelu Greater GreaterOrEqual HardSigmoid HardSwish IsInf IsNaN LeakyRelu Less "
      "LessOrEqual Log Max Mean Min Mish Mod Mul Neg Not Or Pow PRelu Reciprocal Relu Round "
      "Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Sub Sum Swish Tan Tanh "
      "ThresholdedRelu Where Xor ";
  return node.op.domain.empty() && kNames.find(' ' + node.op.name + ' ') != std::string_view::npos;
}

bool converts_codes(const Node& node) {
  const bool known = node.op.domain.empty() || node.op.domain == "com.microsoft";
  return known && (node.op.name == "QuantizeLinear" || node.op.name == "DequantizeLinear");
}

bool is_contraction(const Node& node) {
  return is_any_of(node, {"Conv", "ConvTranspose", "Gemm", "MatMul"});
}

bool is_random(const Node& node) {
  return is_any_of(node, {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike",
                          "Multinomial", "Bernoulli"}) ||
         (node.is("Dropout") && node.input(2).valid());  // its training mode
}

std::vector<std::string> merged_provenance(const Graph& graph, std::span<const NodeId> nodes) {
  std::vector<std::string> names;
  for (NodeId id : nodes)
    for (const std::string& name : graph.node(id).provenance)
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

std::string fresh_name(const Graph& graph, const std::string& wanted) {
  std::string name = wanted;
  for (size_t i = graph.value_capacity(); graph.find_value(name); ++i)
    name = wanted + "_" + std::to_string(i);
  return name;
}

}  // namespace kasuri
