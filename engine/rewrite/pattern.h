#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/graph.h"

namespace kasuri {

/// Questions rules ask about a graph. All cheap; none changes anything.

/// The node that computes the value; null for inputs, constants, captures and absent values.
const Node* producer_of(const Graph& graph, ValueId value);
/// The same, if it is a standard operator of this name.
const Node* producer_if(const Graph& graph, ValueId value, std::string_view op);
/// The one node that reads the value, if there is exactly one and it is not a graph output.
const Node* only_reader(const Graph& graph, ValueId value);
/// Does a body read the value by name? Such a value cannot be replaced.
bool is_captured(const Graph& graph, ValueId value);
bool is_any_of(const Node& node, std::initializer_list<std::string_view> ops);
bool has_body(const Node& node);

/// Its extents when all are numbers.
std::optional<std::vector<int64_t>> static_extents(const Graph& graph, ValueId value);
std::optional<DataType> dtype_of(const Graph& graph, ValueId value);
/// Both static tensors of one type.
bool same_type(const Graph& graph, ValueId a, ValueId b);
/// Bytes of a static tensor; 0 when unknown.
int64_t bytes_of(const Graph& graph, ValueId value);

/// The value of a constant with one element of a float or integer type.
std::optional<double> scalar_of(const Graph& graph, ValueId value);
/// Elements of a constant int32 or int64 tensor.
std::optional<std::vector<int64_t>> integers_of(const Graph& graph, ValueId value);
/// Integers given by attribute (older versions) or by constant input `index` (newer ones).
std::optional<std::vector<int64_t>> integers_of(const Graph& graph, const Node& node,
                                                const std::string& attribute, size_t index);

/// Applies elementwise with NumPy broadcasting and no other state (Add, Relu, Where, Cast, ...).
bool is_elementwise(const Node& node);
/// QuantizeLinear, DequantizeLinear: elementwise but for scales along an axis.
bool converts_codes(const Node& node);
bool is_contraction(const Node& node);  ///< Conv, ConvTranspose, Gemm, MatMul.
/// Results differ from call to call.
bool is_random(const Node& node);

/// Source names of all nodes, each once, in the order given.
std::vector<std::string> merged_provenance(const Graph& graph, std::span<const NodeId> nodes);
/// `wanted`, or with a number behind it, so that no value of the graph has that name.
std::string fresh_name(const Graph& graph, const std::string& wanted);

}  // namespace kasuri
