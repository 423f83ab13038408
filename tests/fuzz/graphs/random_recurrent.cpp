#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {

/// RNN, GRU or LSTM over the first axis of a value.
void add_recurrence(GraphMaker& m) {
  const Operand x = m.tamed(m.any_float(3, 3), 4);
  if (x.dtype != DataType::kFloat || x.count() > 2000 || x.count() == 0) return;
  const std::string op = m.one_of<std::string>({"RNN", "GRU", "LSTM"});
  const int64_t gates = op == "RNN"   ? 1
                        : op == "GRU" ? 3
                                      : 4,
                hidden = m.one_of<int64_t>({1, 3, 8});
  const std::string direction =
      m.one_of<std::string>({"forward", "forward", "reverse", "bidirectional"});
  const int64_t ways = direction == "bidirectional" ? 2 : 1;
  std::vector<ValueId> inputs = {
      x.id, m.constant(x.dtype, {ways, gates * hidden, x.extents[2]}, -0.5, 0.5).id,
      m.constant(x.dtype, {ways, gates * hidden, hidden}, -0.5, 0.5).id};
  if (m.chance(70)) {
    inputs.push_back(m.constant(x.dtype, {ways, 2 * gates * hidden}, -0.5, 0.5).id);
    if (m.chance(40)) {
      inputs.push_back(ValueId::none());
      inputs.push_back(m.constant(x.dtype, {ways, x.extents[1], hidden}, -0.5, 0.5).id);
    }
  }
  Attributes attributes = {{"hidden_size", hidden}, {"direction", direction}};
  if (op == "GRU" && m.chance(50)) attributes["linear_before_reset"] = int64_t{1};
  const auto made = m.emit(op, inputs, attributes, {.bound = 2, .outputs = 2});
  for (const Operand& o : made)
    if (m.chance(80)) m.offer(o);
}

}  // namespace kasuri::testing
