#include "passes/simplify/move_scale.h"

#include <cmath>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

struct Scaled {
  ValueId source;
  double factor = 1;
  const Node* node = nullptr;  ///< null: not scaled
};

/// value = factor * source by a Mul or Div with one number, used for this alone.
Scaled scaled(const Graph& graph, ValueId value) {
  const Node* node = producer_of(graph, value);
  if (!node || !is_any_of(*node, {"Mul", "Div"}) || !only_reader(graph, value)) return {value};
  for (size_t i : {1, 0}) {
    const auto c = scalar_of(graph, node->input(i));
    if (!c || !same_type(graph, node->input(1 - i), value)) continue;
    if (node->is("Div") && (i == 0 || *c == 0)) continue;
    return {node->input(1 - i), node->is("Mul") ? *c : 1 / *c, node};
  }
  return {value};
}

}  // namespace

MoveScaleBehindMatMul::MoveScaleBehindMatMul()
    : Rule({.name = "MoveScaleBehindMatMul",
            .law = "(s*A) . (t*B) = (s*t) * (A . B)",
            .fidelity = Fidelity::kReassociates}) {}

Match MoveScaleBehindMatMul::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& matmul = graph.node(id);
  if (!matmul.is("MatMul") || dtype_of(graph, matmul.output(0)) != DataType::kFloat)
    return NotHere{};
  if (graph.value(matmul.input(0)).is_constant() || graph.value(matmul.input(1)).is_constant())
    return NotHere{};
  const Scaled a = scaled(graph, matmul.input(0)), b = scaled(graph, matmul.input(1));
  if (!a.node && !b.node) return NotHere{};
  const double factor = a.factor * b.factor;
  KASURI_DECLINE_UNLESS(!is_captured(graph, matmul.output(0)), "a body reads its output by name");
  KASURI_DECLINE_UNLESS(
      std::isfinite(factor) && std::fabs(factor) > 1e-6 && std::fabs(factor) < 1e6,
      "the factor could overflow or vanish");
  std::vector<NodeId> sources{id};
  for (const Node* n : {a.node, b.node})
    if (n) sources.push_back(n->id);
  GraphPatch patch(graph, "scale behind MatMul");
  const ValueType type = graph.value(matmul.output(0)).type;
  Node product = matmul;
  product.name = fresh_name(graph, matmul.name + "_unscaled");
  product.inputs = {a.source, b.source};
  product.provenance = merged_provenance(graph, sources);
  const NodeId product_id = patch.add_node(std::move(product), {type});
  Node scale;
  scale.op = {"", "Mul"};
  scale.opset = (a.node ? a.node : b.node)->opset;
  scale.name = fresh_name(graph, matmul.name + "_scale");
  scale.inputs = {patch.output_of(product_id, 0),
                  patch.add_constant(fresh_name(graph, matmul.name + "_factor"),
                                     Tensor::of<float>({}, {static_cast<float>(factor)}))};
  scale.provenance = merged_provenance(graph, std::span(sources).subspan(1));
  const NodeId scale_id = patch.add_node(std::move(scale), {type});
  patch.replace_value(matmul.output(0), patch.output_of(scale_id, 0));
  for (NodeId gone : sources) patch.remove_node(gone);
  sources.erase(sources.begin());
  return Proposal{.patch = std::move(patch), .nodes = std::move(sources)};
}

}  // namespace kasuri
