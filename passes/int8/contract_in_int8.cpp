#include "passes/int8/contract_in_int8.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"
#include "passes/fuse/region.h"

namespace kasuri {
namespace {

constexpr size_t kMostSteps = 16;

/// Elementwise, on the root's extents, to float32.
bool continues_in_float(const Graph& graph, const Node& root, const Node& node) {
  return is_elementwise(node) && node.outputs.size() == 1 &&
         dtype_of(graph, node.output(0)) == DataType::kFloat &&
         static_extents(graph, node.output(0)) == static_extents(graph, root.output(0));
}

/// The steps behind the root that only feed each other, up to and with a QuantizeLinear.
std::vector<NodeId> steps_behind(const Scene& scene, const Node& root) {
  const Graph& graph = scene.graph;
  std::vector<NodeId> steps;
  ValueId value = root.output(0);
  while (steps.size() < kMostSteps) {
    const Node* next = only_reader(graph, value);
    if (!next || scene.decisions.group_of(next->id) || has_body(*next)) break;
    const bool from_sums = dtype_of(graph, value) == DataType::kInt32;
    if (from_sums && !next->is("Cast")) break;
    const bool quantizes = next->is("QuantizeLinear") && next->input(0) == value;
    if (!quantizes && !continues_in_float(graph, root, *next)) break;
    steps.push_back(next->id);
    if (quantizes) break;
    value = next->output(0);
  }
  return steps;
}

/// DequantizeLinear nodes that only these steps read (a residual path): the kernel reads the codes.
std::vector<NodeId> codes_beside(const Graph& graph, std::span<const NodeId> steps) {
  std::vector<NodeId> beside;
  for (NodeId id : steps)
    for (ValueId in : graph.node(id).inputs)
      if (const Node* p = producer_if(graph, in, "DequantizeLinear"); p && only_reader(graph, in))
        beside.push_back(p->id);
  return beside;
}

std::string describe(const Graph& graph, const Node& root, std::span<const NodeId> steps) {
  std::string text = "int8 " + root.op.name;
  for (NodeId id : steps)
    if (!is_any_of(graph.node(id), {"Cast", "QuantizeLinear"}))
      text += " + " + graph.node(id).op.name;
  return text;
}

}  // namespace

ContractInInt8::ContractInInt8()
    : Rule({.name = "ContractInInt8",
            .law = "Q(e(contraction(DQ x, DQ w))) = one kernel over the codes, sums exact in int32",
            .fidelity = Fidelity::kReassociates}) {}

Match ContractInInt8::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& root = graph.node(id);
  const bool sums = is_any_of(root, {"MatMulInteger", "ConvInteger"});
  if (!sums && !is_any_of(root, {"Conv", "MatMul", "Gemm"})) return NotHere{};
  if (scene.decisions.group_of(id)) return NotHere{};
  std::vector<NodeId> front;
  if (!sums) {
    const Node* data = producer_if(graph, root.input(0), "DequantizeLinear");
    const Node* weights = producer_if(graph, root.input(1), "DequantizeLinear");
    if (!data && !weights) return NotHere{};
    KASURI_DECLINE_UNLESS(data, "the data is not quantised");
    KASURI_DECLINE_UNLESS(weights, "the weights are no 8-bit codes");
    KASURI_DECLINE_UNLESS(only_reader(graph, data->output(0)), "the dequantised data is needed");
    KASURI_DECLINE_UNLESS(only_reader(graph, weights->output(0)),
                          "the dequantised weights are needed");
    front = {data->id, weights->id};
  }
  const std::vector<NodeId> steps = steps_behind(scene, root);
  if (sums && steps.empty()) return NotHere{};
  Match last = NotHere{};
  for (size_t taken = steps.size() + 1; taken-- > (sums ? 1 : 0);) {
    const std::span<const NodeId> behind(steps.data(), taken);
    Region region(scene);
    for (NodeId member : front) region.add(member);
    region.add(id);
    for (NodeId member : behind) region.add(member);
    for (NodeId member : codes_beside(graph, behind)) region.add(member);
    last = region.form(describe(graph, root, behind), *this, root);
    if (std::holds_alternative<Proposal>(last)) return last;
  }
  return last;
}

}  // namespace kasuri
