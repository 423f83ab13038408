#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Outputs: Y [steps, directions, batch, hidden], last states [directions, batch, hidden]; with
/// layout 1 the batch comes first: [batch, steps, directions, hidden], [batch, directions, hidden].
void set_recurrent(Context& c, const Dim& hidden, int64_t directions) {
  const bool batch_first = c.integer("layout", 0) != 0;
  const Dim steps = c.dim(0, batch_first ? 1 : 0);
  const Dim batch = c.dim(0, batch_first ? 0 : 1);
  const Dim d(directions);
  c.set(0, c.dtype(0),
        batch_first ? Shape{batch, steps, d, hidden} : Shape{steps, d, batch, hidden});
  const Shape state = batch_first ? Shape{batch, d, hidden} : Shape{d, batch, hidden};
  c.set(1, c.dtype(0), state);
  c.set(2, c.dtype(0), state);
}

std::optional<int64_t> directions(Context& c) {
  const std::string direction = c.text("direction", "forward");
  if (direction == "bidirectional") return 2;
  if (direction == "forward" || direction == "reverse") return 1;
  c.fail("attribute 'direction' = '" + direction + "'");
  return std::nullopt;
}

void recurrent(Context& c) {
  for (size_t i = 0; i < 3; ++i)
    if (!c.want_input(i)) return;
  for (size_t i = 0; i < 3; ++i) c.want_rank(i, 3, 3);
  const auto count = directions(c);
  if (!count) return;
  c.match(c.dim(1, 0), Dim(*count), "the weight's first axis is not the number of directions");
  c.match(c.dim(0, 2), c.dim(1, 2), "the weight does not fit the input's last axis");
  const Dim attribute = c.has_attribute("hidden_size") ? Dim(c.integer("hidden_size", 0)) : Dim();
  const Dim hidden = c.match(c.dim(2, 2), attribute, "hidden_size and recurrence weight differ");
  set_recurrent(c, hidden, *count);
}

/// com.microsoft::DynamicQuantizeLSTM: weights stored transposed, [directions, hidden, 4 * hidden].
void quantized_lstm(Context& c) {
  for (size_t i = 0; i < 3; ++i)
    if (!c.want_input(i)) return;
  const auto count = directions(c);
  if (!count) return;
  const Dim attribute = c.has_attribute("hidden_size") ? Dim(c.integer("hidden_size", 0)) : Dim();
  set_recurrent(c, refine(attribute, c.dim(2, 1)), *count);
}

}  // namespace

void register_recurrent_shapes(Registry& r) {
  r.add({"RNN", "GRU", "LSTM"}, recurrent);
  r.add(kMicrosoft, {"DynamicQuantizeLSTM"}, quantized_lstm);
}

}  // namespace kasuri::shape_inference
