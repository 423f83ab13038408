#include "passes/simplify/unfold_gemm.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

/// The reshape that only joins leading axes: [a, b, K] -> [a*b, K].
const Node* joining_reshape(const Graph& graph, ValueId value) {
  const Node* node = producer_of(graph, value);
  if (!node || !is_any_of(*node, {"Reshape", "Flatten"})) return nullptr;
  const auto from = static_extents(graph, node->input(0)), to = static_extents(graph, value);
  const bool joins =
      from && to && from->size() > 2 && to->size() == 2 && from->back() == to->back();
  return joins ? node : nullptr;
}

/// Leading extents of x and the last of the result.
bool restores(const Graph& graph, const Node& reshape, const std::vector<int64_t>& x) {
  const auto to = static_extents(graph, reshape.output(0));
  return to && to->size() == x.size() && std::equal(x.begin(), x.end() - 1, to->begin());
}

}  // namespace

UnfoldGemm::UnfoldGemm()
    : Rule({.name = "UnfoldGemm",
            .law = "reshape(gemm(reshape(x), W, b)) = matmul(x, W) + b",
            .fidelity = Fidelity::kReassociates}) {}

Match UnfoldGemm::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& gemm = graph.node(id);
  if (!gemm.is("Gemm")) return NotHere{};
  const Node* before = joining_reshape(graph, gemm.input(0));
  const Node* after = only_reader(graph, gemm.output(0));
  if (!before || !after || !after->is("Reshape")) return NotHere{};
  const std::vector<int64_t> x = *static_extents(graph, before->input(0));
  KASURI_DECLINE_UNLESS(restores(graph, *after, x), "the reshape behind does not restore the axes");
  KASURI_DECLINE_UNLESS(!gemm.get_int("transA", 0) && !gemm.get_int("transB", 0),
                        "Gemm transposes an operand");
  KASURI_DECLINE_UNLESS(gemm.get_float("alpha", 1) == 1 && gemm.get_float("beta", 1) == 1,
                        "Gemm scales");
  KASURI_DECLINE_UNLESS(dtype_of(graph, gemm.output(0)) == DataType::kFloat ||
                            dtype_of(graph, gemm.output(0)) == DataType::kDouble ||
                            !gemm.input(2).valid(),
                        "the product would be rounded before the bias is added");
  KASURI_DECLINE_UNLESS(!is_captured(graph, after->output(0)), "a body reads its output by name");
  const ValueId bias = gemm.input(2);
  const auto extents = static_extents(graph, bias);
  KASURI_DECLINE_UNLESS(!bias.valid() || (extents && extents->size() == 1),
                        "the bias is not one number per column");
  const NodeId sources[] = {id, before->id, after->id};
  const ValueType type = graph.value(after->output(0)).type;
  GraphPatch patch(graph, "Gemm between reshapes");
  Node node;
  node.op = {"", "MatMul"};
  node.opset = gemm.opset;
  node.name = fresh_name(graph, gemm.name + "_matmul");
  node.inputs = {before->input(0), gemm.input(1)};
  node.provenance = merged_provenance(graph, sources);
  ValueId result = patch.output_of(patch.add_node(node, {type}), 0);
  if (bias.valid()) {
    node.op.name = "Add";
    node.name = fresh_name(graph, gemm.name + "_bias");
    node.inputs = {result, bias};
    result = patch.output_of(patch.add_node(node, {type}), 0);
  }
  patch.replace_value(after->output(0), result);
  patch.remove_node(after->id);
  patch.remove_node(id);
  if (only_reader(graph, before->output(0))) patch.remove_node(before->id);
  return Proposal{.patch = std::move(patch), .nodes = {before->id, after->id}};
}

}  // namespace kasuri
