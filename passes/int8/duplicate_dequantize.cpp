#include "passes/int8/duplicate_dequantize.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

bool is_dequantized(const Graph& graph, ValueId value) {
  return producer_if(graph, value, "DequantizeLinear") != nullptr;
}

/// Will a kernel of this reader take the codes?
bool takes_codes(const Graph& graph, const Node& reader) {
  if (is_any_of(reader, {"Conv", "MatMul", "Gemm"}))
    return is_dequantized(graph, reader.input(0)) && is_dequantized(graph, reader.input(1));
  return is_elementwise(reader) && !has_body(reader);
}

bool has_small_codes(const Graph& graph, const Node& node) {
  const auto type = dtype_of(graph, node.input(0));
  return type == DataType::kInt8 || type == DataType::kUint8;
}

}  // namespace

DuplicateDequantize::DuplicateDequantize()
    : Rule({.name = "DuplicateDequantize", .law = "f(DQ x), g(DQ x) = f(DQ x), g(DQ x again)"}) {}

Match DuplicateDequantize::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (!node.is("DequantizeLinear") || !has_small_codes(graph, node)) return NotHere{};
  if (scene.decisions.group_of(id)) return NotHere{};
  const ValueId value = node.output(0);
  std::vector<NodeId> readers;
  for (NodeId reader : graph.value(value).consumers)
    if (std::find(readers.begin(), readers.end(), reader) == readers.end())
      readers.push_back(reader);
  if (readers.size() + (graph.is_output(value) ? 1 : 0) < 2) return NotHere{};
  std::vector<NodeId> moved;
  for (NodeId reader : readers)
    if (takes_codes(graph, graph.node(reader))) moved.push_back(reader);
  KASURI_DECLINE_UNLESS(!moved.empty(), "no reader can take the codes into its kernel");
  if (moved.size() == readers.size() && !graph.is_output(value)) moved.erase(moved.begin());
  GraphPatch patch(graph, "one DequantizeLinear for each reader");
  for (NodeId reader : moved) {
    Node copy;
    copy.op = node.op;
    copy.opset = node.opset;
    copy.name = fresh_name(graph, node.name + "_for_" + graph.node(reader).name);
    copy.inputs = node.inputs;
    copy.attributes = node.attributes;
    copy.provenance = node.provenance;
    const ValueId again =
        patch.output_of(patch.add_node(std::move(copy), {graph.value(value).type}), 0);
    std::vector<ValueId> inputs = graph.node(reader).inputs;
    std::replace(inputs.begin(), inputs.end(), value, again);
    patch.update_node(reader, std::move(inputs), graph.node(reader).attributes);
  }
  return Proposal{.patch = std::move(patch), .nodes = std::move(moved)};
}

}  // namespace kasuri
