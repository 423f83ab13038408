#include "passes/fold/fuse_batch_norm.h"

#include "engine/rewrite/pattern.h"
#include "passes/fold/conv_weights.h"

namespace kasuri {
namespace {

Match fuse(const Scene& scene, const Node& follower, const Node& node, const Affine& affine) {
  const Graph& graph = scene.graph;
  KASURI_DECLINE_UNLESS(only_reader(graph, node.output(0)),
                        "the result before it is read elsewhere");
  KASURI_DECLINE_UNLESS(!is_captured(graph, follower.output(0)), "a body reads its output by name");
  const auto channels = output_channels(graph, node);
  if (const auto* declined = std::get_if<Declined>(&channels)) return *declined;
  KASURI_DECLINE_UNLESS(std::get<int64_t>(channels) == static_cast<int64_t>(affine.scale.size()),
                        "the numbers of channels differ");
  return fold_affine(graph, node, follower, affine);
}

Match fuse_batch_norm(const Scene& scene, NodeId id, bool gemm) {
  const Node& bn = scene.graph.node(id);
  if (!bn.is("BatchNormalization")) return NotHere{};
  const Node* node = producer_of(scene.graph, bn.input(0));
  if (!node || node->is("Gemm") != gemm || !is_contraction(*node)) return NotHere{};
  KASURI_DECLINE_UNLESS(!node->is("MatMul"), "MatMul has no bias to take the shift");
  auto affine = affine_of_batch_norm(scene.graph, bn);
  if (auto* declined = std::get_if<Declined>(&affine)) return *declined;
  return fuse(scene, bn, *node, std::get<Affine>(affine));
}

}  // namespace

FuseConvBatchNorm::FuseConvBatchNorm()
    : Rule({.name = "FuseConvBatchNorm",
            .law = "bn(conv(x, W, b)) = conv(x, s*W, s*(b - mean) + beta)",
            .fidelity = Fidelity::kReassociates}) {}

Match FuseConvBatchNorm::match(const Scene& scene, NodeId id) const {
  return fuse_batch_norm(scene, id, false);
}

FuseGemmBatchNorm::FuseGemmBatchNorm()
    : Rule({.name = "FuseGemmBatchNorm",
            .law = "bn(gemm(x, W, b)) = gemm(x, W*s, s*(b - mean) + beta)",
            .fidelity = Fidelity::kReassociates}) {}

Match FuseGemmBatchNorm::match(const Scene& scene, NodeId id) const {
  return fuse_batch_norm(scene, id, true);
}

FoldMulAddIntoConv::FoldMulAddIntoConv()
    : Rule({.name = "FoldMulAddIntoConv",
            .law = "conv(x, W, b) * m + a = conv(x, m*W, m*b + a)",
            .fidelity = Fidelity::kReassociates}) {}

Match FoldMulAddIntoConv::match(const Scene& scene, NodeId id) const {
  const Graph& graph = scene.graph;
  const Node& node = graph.node(id);
  if (!is_any_of(node, {"Mul", "Add"})) return NotHere{};
  for (size_t i : {0, 1}) {
    const Node* conv = producer_of(graph, node.input(i));
    if (!conv || !is_any_of(*conv, {"Conv", "ConvTranspose"})) continue;
    if (!graph.value(node.input(1 - i)).is_constant()) continue;
    const auto channels = output_channels(graph, *conv);
    if (const auto* declined = std::get_if<Declined>(&channels)) return *declined;
    KASURI_DECLINE_UNLESS(same_type(graph, node.output(0), conv->output(0)),
                          "the constant widens the result");
    const auto rank = static_cast<int>(static_extents(graph, node.output(0))->size());
    const auto count = std::get<int64_t>(channels);
    const auto operand = per_channel(graph, node.input(1 - i), rank, count);
    KASURI_DECLINE_UNLESS(operand, "the constant is not one number per channel");
    Affine affine{std::vector<float>(count, 1.0F), std::vector<float>(count, 0.0F)};
    (node.is("Mul") ? affine.scale : affine.shift) = *operand;
    return fuse(scene, node, *conv, affine);
  }
  return NotHere{};
}

}  // namespace kasuri
