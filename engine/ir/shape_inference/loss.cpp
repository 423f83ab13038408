#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Scores [N, C, d...], labels [N, d...]: a scalar, or the labels' shape without reduction.
MaybeShape loss_shape(Context& c) {
  const std::string reduction = c.text("reduction", "mean");
  if (reduction == "mean" || reduction == "sum") return Shape{};
  if (reduction != "none")
    return c.fail("attribute 'reduction' = '" + reduction + "'"), std::nullopt;
  if (c.shape(1)) return c.shape(1);
  if (!c.shape(0) || c.rank(0) < 2) return std::nullopt;
  Shape out = *c.shape(0);
  out.erase(out.begin() + 1);
  return out;
}

void loss(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (c.want_rank(0, 2) && c.rank(1) >= 0 && c.rank(1) != c.rank(0) - 1)
    return c.fail("the labels' rank does not fit the scores'");
  c.match(c.dim(0, 0), c.dim(1, 0), "the batches differ");
  c.set(0, c.dtype(0), loss_shape(c));
  c.same(1, 0);
}

/// com.microsoft: labels come first of the two only for the gradients.
void internal_loss(Context& c) {
  if (!c.want_input(0)) return;
  c.set(0, c.dtype(0), c.text("reduction", "mean") == "none" ? c.shape(1) : MaybeShape(Shape{}));
  c.same(1, 0);
}

/// Gradient of the loss, log probabilities, labels -> like the log probabilities.
void loss_gradient(Context& c) {
  if (c.want_input(0) && c.want_input(1)) c.same(0, 1);
}

/// Gradient, X, scale, mean, inverse deviation -> gradients of X, scale, bias.
void layer_normalization_gradient(Context& c) {
  if (!c.want_input(0) || !c.want_input(2)) return;
  c.same(0, 0);
  c.same(1, 2);
  c.same(2, 2);
}

/// Axes summed over in the gradients of a broadcast operator: as many as the data asks for.
void broadcast_gradient_args(Context& c) {
  c.set(0, DataType::kInt64, Shape{Dim()});
  c.set(1, DataType::kInt64, Shape{Dim()});
}

MaybeShape spelled(const std::optional<Integers>& extents) {
  if (!extents) return std::nullopt;
  Shape out;
  for (int64_t e : *extents) out.push_back(e < 0 ? Dim() : Dim(e));
  return out;
}

/// Gradient, the shape of the sliced tensor, starts, ends, axes, steps -> that shape.
void shaped_like_input_1(Context& c) {
  if (c.want_input(0) && c.want_input(1)) c.set(0, c.dtype(0), spelled(c.ints(1)));
}

/// GatherGrad: shape of the data, indices, gradient.
void gather_gradient(Context& c) {
  if (c.want_input(0) && c.want_input(2)) c.set(0, c.dtype(2), spelled(c.ints(0)));
}

void yield(Context& c) {
  for (size_t i = 0; i < c.outputs() && i < c.inputs(); ++i) c.same(i, i);
}

void conv_gradient(Context& c) {
  if (!c.want_input(0) || !c.want_input(2)) return;
  c.same(0, 1);
  c.same(1, 2);
  c.set(2, c.dtype(0), Shape{c.dim(2, 0)});
}

/// Rate, step count, then groups of `per` tensors per parameter; one updated group comes out.
void optimiser(Context& c, size_t inputs_per, size_t outputs_per) {
  if (c.inputs() < 2 || (c.inputs() - 2) % inputs_per != 0)
    return c.fail("the inputs do not come in groups");
  const size_t n = (c.inputs() - 2) / inputs_per;
  if (c.outputs() > n * outputs_per) return c.fail("too many outputs");
  for (size_t i = 0; i < n; ++i) {
    c.same(i, 2 + i);
    for (size_t state = 1; state < outputs_per; ++state)
      c.same(state * n + i, 2 + (state + 1) * n + i);
  }
}

/// Outputs are gradients with respect to the inputs named in `xs`; their count is data here.
void gradient(Context& c) {
  for (size_t i = 0; i < c.outputs() && i < c.inputs(); ++i) c.same(i, i);
}

}  // namespace

void register_loss_shapes(Registry& r) {
  r.add({"NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"}, loss);
  r.add(kMicrosoft, {"SoftmaxCrossEntropyLossInternal", "NegativeLogLikelihoodLossInternal"},
        internal_loss);
  r.add(kMicrosoft, {"SoftmaxCrossEntropyLossGrad", "SoftmaxCrossEntropyLossInternalGrad"},
        loss_gradient);
  r.add("SoftmaxCrossEntropyLossGrad", loss_gradient);
  r.add(kMicrosoft, {"LayerNormalizationGrad"}, layer_normalization_gradient);
  r.add(kMicrosoft, {"BroadcastGradientArgs"}, broadcast_gradient_args);
  r.add(kMicrosoft, {"SliceGrad"}, shaped_like_input_1);
  r.add(kMicrosoft, {"GatherGrad"}, gather_gradient);
  r.add(kMicrosoft, {"YieldOp"}, yield);
  r.add(kMicrosoft, {"ConvGrad"}, conv_gradient);
  r.add(kTraining, {"Adagrad", "Momentum"}, [](Context& c) { optimiser(c, 3, 2); });
  r.add(kTraining, {"Adam"}, [](Context& c) { optimiser(c, 4, 3); });
  r.add(kTraining, {"Gradient"}, gradient);
}

}  // namespace kasuri::shape_inference
