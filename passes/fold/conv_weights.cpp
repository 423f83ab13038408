#include "passes/fold/conv_weights.h"

#include <algorithm>
#include <cmath>

#include "engine/rewrite/pattern.h"

namespace kasuri {
namespace {

const Tensor* float_constant(const Graph& graph, ValueId id) {
  if (!id.valid() || !graph.value(id).constant) return nullptr;
  const Tensor& t = *graph.value(id).constant;
  return t.dtype() == DataType::kFloat ? &t : nullptr;
}

/// Weights as blocks [rows][channels of a group][run]: rows of one group share output channels.
struct WeightBlocks {
  int64_t rows, rows_per_group, channels_per_group, run;
};

WeightBlocks blocks_of(const Node& node, const Tensor& w, int64_t channels) {
  if (node.is("Conv")) return {1, 1, channels, w.count() / channels};
  if (node.is("ConvTranspose")) {
    const int64_t group = node.get_int("group", 1), rows = w.extents()[0];
    return {rows, rows / group, channels / group, w.count() / (rows * (channels / group))};
  }
  if (node.get_int("transB", 0)) return {1, 1, channels, w.extents()[1]};
  return {w.extents()[0], w.extents()[0], channels, 1};
}

Tensor scaled(const Tensor& w, const WeightBlocks& blocks, const std::vector<float>& scale) {
  return Tensor::make(DataType::kFloat, w.extents(), [&](std::span<std::byte> out) {
    const float* from = w.data<float>().data();
    auto* to = reinterpret_cast<float*>(out.data());
    for (int64_t row = 0; row < blocks.rows; ++row) {
      const float* s = scale.data() + row / blocks.rows_per_group * blocks.channels_per_group;
      for (int64_t c = 0; c < blocks.channels_per_group; ++c)
        for (int64_t i = 0; i < blocks.run; ++i) *to++ = *from++ * s[c];
    }
  });
}

}  // namespace

std::variant<int64_t, Declined> output_channels(const Graph& graph, const Node& node) {
  const Tensor* w = float_constant(graph, node.input(1));
  if (!w) return Declined{"the weights are not float32 constants"};
  if (w->rank() < 2 || w->count() == 0) return Declined{"the weights have too few axes"};
  if (node.input(2).valid() && !float_constant(graph, node.input(2)))
    return Declined{"the bias is not a float32 constant"};
  if (node.is("Conv")) return w->extents()[0];
  if (node.is("ConvTranspose")) return w->extents()[1] * node.get_int("group", 1);
  return w->extents()[node.get_int("transB", 0) ? 0 : 1];
}

std::optional<std::vector<float>> per_channel(const Graph& graph, ValueId constant, int rank,
                                              int64_t channels) {
  const Tensor* t = float_constant(graph, constant);
  if (!t || t->rank() > rank) return std::nullopt;
  const auto data = t->data<float>();
  if (t->count() == 1) return std::vector<float>(channels, data[0]);
  for (int axis = 0; axis < t->rank(); ++axis) {
    const bool is_channel_axis = axis + rank - t->rank() == 1;
    if (t->extents()[axis] != (is_channel_axis ? channels : 1)) return std::nullopt;
  }
  return std::vector<float>(data.begin(), data.end());
}

std::variant<Affine, Declined> affine_of_batch_norm(const Graph& graph, const Node& node) {
  if (node.get_int("training_mode", 0) != 0)
    return Declined{"BatchNormalization is in training mode"};
  if (node.get_int("spatial", 1) != 1) return Declined{"BatchNormalization is not per channel"};
  for (size_t i = 1; i < node.outputs.size(); ++i)
    if (node.outputs[i].valid() && !graph.value(node.outputs[i]).consumers.empty())
      return Declined{"its statistics are read"};
  const Tensor* p[4];
  for (size_t i = 0; i < 4; ++i) {
    p[i] = float_constant(graph, node.input(i + 1));
    if (!p[i]) return Declined{"its parameters are not float32 constants"};
    if (p[i]->count() != p[0]->count()) return Declined{"its parameters differ in length"};
  }
  const float epsilon = node.get_float("epsilon", 1e-5F);
  Affine affine;
  for (int64_t c = 0; c < p[0]->count(); ++c) {
    const double scale =
        p[0]->data<float>()[c] / std::sqrt(double{p[3]->data<float>()[c]} + epsilon);
    affine.scale.push_back(static_cast<float>(scale));
    affine.shift.push_back(
        static_cast<float>(p[1]->data<float>()[c] - p[2]->data<float>()[c] * scale));
  }
  return affine;
}

Match fold_affine(const Graph& graph, const Node& node, const Node& follower,
                  const Affine& affine) {
  const Tensor& w = *graph.constant_input(node, 1);
  const auto channels = static_cast<int64_t>(affine.scale.size());
  std::vector<float> bias = affine.shift;
  auto attributes = node.attributes;
  if (const Tensor* b = graph.constant_input(node, 2)) {
    const float beta = node.is("Gemm") ? node.get_float("beta", 1.0F) : 1.0F;
    const auto old = per_channel(graph, node.input(2), 2, channels);
    const bool plain = b->rank() == 1 && b->count() == channels;
    KASURI_DECLINE_UNLESS(plain || old, "the bias is not one number per channel");
    for (int64_t c = 0; c < channels; ++c)
      bias[c] += (plain ? b->data<float>()[c] : (*old)[c]) * beta * affine.scale[c];
  }
  if (node.is("Gemm")) attributes["beta"] = 1.0F;
  const std::string base = graph.value(node.input(1)).name;
  GraphPatch patch(graph, node.op.name + " + " + follower.op.name);
  const bool scales =
      std::any_of(affine.scale.begin(), affine.scale.end(), [](float s) { return s != 1; });
  const ValueId new_w =
      !scales ? node.input(1)
              : patch.add_constant(fresh_name(graph, base + "_folded"),
                                   scaled(w, blocks_of(node, w, channels), affine.scale));
  const ValueId new_b = patch.add_constant(fresh_name(graph, node.name + "_bias_folded"),
                                           Tensor::of<float>({channels}, bias));
  const NodeId both[] = {node.id, follower.id};
  patch.update_node(node.id, {node.input(0), new_w, new_b}, std::move(attributes),
                    merged_provenance(graph, both));
  patch.replace_value(follower.output(0), node.output(0));
  patch.remove_node(follower.id);
  return Proposal{.patch = std::move(patch), .nodes = {node.id}};
}

}  // namespace kasuri
