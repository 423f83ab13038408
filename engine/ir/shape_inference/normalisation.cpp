#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

void same(Context& c) {
  if (c.want_input(0)) c.same(0, 0);
}

/// Softmax and its kin: before opset 13 the axis may be the rank's end (coercion to 2-D).
void along_axis(Context& c) {
  if (!c.want_input(0)) return;
  const bool old = c.opset() < 13;
  if (c.rank(0) > 0 && !c.axis(c.integer("axis", old ? 1 : -1), c.rank(0) + (old ? 1 : 0))) return;
  c.same(0, 0);
}

/// Output 0 like the input; running mean and variance (and, before opset 9, the saved ones) are
/// vectors of the channels.
void batch_normalization(Context& c) {
  for (size_t i = 0; i < 5; ++i)
    if (!c.want_input(i)) return;
  Dim channels = c.rank(0) == 1 ? Dim(1) : c.dim(0, 1);
  const bool spatial = c.opset() >= 9 || c.integer("spatial", 1) != 0;
  if (spatial && c.rank(0) > 1)
    for (size_t i = 1; i < 5; ++i)
      if (c.want_rank(i, 1, 1)) channels = c.match(channels, c.dim(i, 0), "the channels differ");
  c.same(0, 0);
  for (size_t i = 1; i < c.outputs(); ++i)
    c.set(i, c.dtype(3), spatial ? MaybeShape(Shape{channels}) : c.shape(3));
}

/// Mean and inverse deviation keep the axes before `axis`; the others become 1.
MaybeShape statistics(Context& c, int64_t axis_given) {
  if (!c.shape(0)) return std::nullopt;
  const auto axis = c.axis(axis_given, c.rank(0));
  if (!axis) return std::nullopt;
  Shape out = *c.shape(0);
  for (size_t i = static_cast<size_t>(*axis); i < out.size(); ++i) out[i] = 1;
  return out;
}

DataType stash(Context& c) { return c.data_type("stash_type", DataType::kFloat); }

void layer_normalization(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const MaybeShape stats = statistics(c, c.integer("axis", -1));
  c.set(0, c.dtype(1) == DataType::kUndefined ? c.dtype(0) : c.dtype(1), c.shape(0));
  if (c.dtype(0) != DataType::kUndefined) c.set(0, c.dtype(0), c.shape(0));
  c.set(1, stash(c), stats);
  c.set(2, stash(c), stats);
}

void group_normalization(Context& c) {
  if (!c.want_input(0) || !c.want_input(1) || !c.want_input(2)) return;
  const Dim channels = c.dim(0, 1);
  const int64_t groups = c.integer("num_groups", 0);
  if (c.node().op.domain.empty() &&
      (groups < 1 || (channels.known() && channels.value() % groups != 0)))
    return c.fail("the channels do not divide into num_groups");
  c.same(0, 0);
}

/// com.microsoft::SkipLayerNormalization: output, mean, inverse deviation, sum of input and skip.
void skip_layer_normalization(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const MaybeShape stats = c.rank(0) < 1 ? std::nullopt : statistics(c, -1);
  c.same(0, 0);
  c.set(1, DataType::kFloat, stats);
  c.set(2, DataType::kFloat, stats);
  c.same(3, 0);
}

/// com.microsoft::EmbedLayerNormalization: ids [batch, sequence], segments, three tables, gamma,
/// beta, mask; output [batch, sequence, hidden], mask index [batch], sum of embeddings.
void embed_layer_normalization(Context& c) {
  if (!c.want_input(0) || !c.want_input(2)) return;
  const Shape out{c.dim(0, 0), c.dim(0, 1), c.dim(2, 1)};
  c.set(0, c.dtype(2), out);
  c.set(1, DataType::kInt32, Shape{c.dim(0, 0)});
  c.set(2, c.dtype(2), out);
}

}  // namespace

void register_normalisation_shapes(Registry& r) {
  r.add({"InstanceNormalization", "LRN", "LpNormalization", "MeanVarianceNormalization"}, same);
  r.add({"Softmax", "LogSoftmax", "Hardmax"}, along_axis);
  r.add("BatchNormalization", batch_normalization);
  r.add({"LayerNormalization", "RMSNormalization"}, layer_normalization);
  r.add({"SimplifiedLayerNormalization"}, layer_normalization);
  r.add("GroupNormalization", group_normalization);
  r.add(kMicrosoft, {"SkipLayerNormalization", "SkipSimplifiedLayerNormalization"},
        skip_layer_normalization);
  r.add(kMicrosoft, {"EmbedLayerNormalization"}, embed_layer_normalization);
  r.add(kMicrosoft, {"GroupNorm", "BiasSoftmax", "BiasDropout", "QLinearSoftmax"}, same);
}

}  // namespace kasuri::shape_inference
